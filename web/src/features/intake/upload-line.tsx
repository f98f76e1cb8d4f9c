import { Link } from "@tanstack/react-router";
import { Check, CircleAlert, RotateCw, X } from "lucide-react";
import { formatBytes } from "@/lib/format";
import { Button, buttonVariants } from "@/ui/button";
import { Progress } from "@/ui/progress";
import { dismiss, hasEnded, tryAgain, type Upload } from "./upload-queue";

/** What a person can do about an error, where the server's words leave that open. */
const ADVICE: Record<string, string> = {
  not_an_image: "Save it as PNG, JPEG, WebP, AVIF or GIF and try again.",
  image_too_large: "Make it smaller and try again.",
  image_too_demanding: "Save it anew in another program, or make it smaller.",
  file_too_large: "Make it smaller, or ask who runs this studio to take larger files.",
  storage_full: "Delete pictures from the trash, or ask who runs this studio for room.",
  address_refused: "Use the picture's own address in the open internet.",
  remote_failed: "Open the address in a browser to see whether the picture is there.",
};

/** One file in the tray. */
export function UploadLine({ upload }: { upload: Upload }) {
  const { id, name, state, imageId } = upload;
  return (
    <li className="grid gap-1.5 border-b px-4 py-2.5 last:border-b-0">
      <div className="flex items-center gap-2">
        <Mark state={state} />
        <span className="min-w-0 flex-1 truncate text-sm" title={name}>
          {name}
        </span>
        {imageId ? (
          <Link
            to="/images/$id"
            params={{ id: imageId }}
            className={buttonVariants({ variant: "link", size: "sm" })}
            aria-label={`Open ${name}`}
          >
            Open
          </Link>
        ) : null}
        {state === "failed" ? (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`Try ${name} again`}
            onClick={() => tryAgain(id)}
          >
            <RotateCw aria-hidden />
          </Button>
        ) : null}
        {hasEnded(upload) && state !== "failed" ? null : (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={state === "failed" ? `Dismiss ${name}` : `Stop ${name}`}
            onClick={() => dismiss(id)}
          >
            <X aria-hidden />
          </Button>
        )}
      </div>
      <Standing upload={upload} />
    </li>
  );
}

function Mark({ state }: Pick<Upload, "state">) {
  if (state === "failed")
    return <CircleAlert aria-hidden className="size-4 shrink-0 text-destructive-text" />;
  if (state === "done" || state === "known")
    return <Check aria-hidden className="size-4 shrink-0 text-success-text" />;
  return null;
}

function Standing({ upload }: { upload: Upload }) {
  const { name, size, sent, state, reason, code = "" } = upload;
  if (state === "failed")
    return (
      <p className="text-sm text-muted-foreground">
        {reason} {ADVICE[code]}
      </p>
    );
  if (state === "done") return null;
  if (state === "known")
    return <p className="text-sm text-muted-foreground">Already in your library</p>;
  if (state === "waiting") return <p className="text-sm text-muted-foreground">Waiting</p>;
  const percent = size ? Math.round((sent / size) * 100) : null;
  return (
    <>
      <Progress value={state === "sending" ? percent : null} label={`Uploading ${name}`} />
      <p className="text-sm text-muted-foreground">
        {state === "away" && "Connection lost; it goes on by itself"}
        {state === "checking" && (size === null ? "Fetching" : "Looking at it")}
        {state === "sending" && `${formatBytes(sent)} of ${formatBytes(size ?? 0)}`}
      </p>
    </>
  );
}
