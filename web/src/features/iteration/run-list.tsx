import { Link } from "@tanstack/react-router";
import { CircleAlert, X } from "lucide-react";
import type { GenerationOut } from "@/api/types.gen";
import { words } from "@/features/catalogue/schema-fields";
import { isRunning } from "@/features/generation/feed";
import { imagePath } from "@/features/generation/paths";
import { RunningBar } from "@/features/generation/running-bar";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { Thumbnail } from "@/features/library/thumbnail";
import { Button } from "@/ui/button";

type RunListProps = {
  runs: readonly GenerationOut[];
  onCancel: (run: GenerationOut) => void;
  onDismiss: (run: GenerationOut) => void;
};

/** What is underway from this picture, and what came of it. */
export function RunList({ runs, onCancel, onDismiss }: RunListProps) {
  if (runs.length === 0) return null;
  return (
    <ul aria-label="Made from this picture" className="grid gap-2">
      {runs.map((run) => (
        <li key={run.id} className="grid gap-2 rounded-xl border bg-card p-3">
          <div className="flex min-h-6 items-center justify-between gap-2">
            <p className="text-sm font-medium">{nameOf(run)}</p>
            {isRunning(run) ? null : (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Put away: ${nameOf(run)}`}
                onClick={() => onDismiss(run)}
                className="-my-1 -mr-1"
              >
                <X aria-hidden />
              </Button>
            )}
          </div>
          {isRunning(run) ? <RunningBar generation={run} onCancel={onCancel} /> : null}
          <Outcome run={run} />
        </li>
      ))}
    </ul>
  );
}

function Outcome({ run }: { run: GenerationOut }) {
  const { status, error, images, operation } = run;
  if (status === "failed")
    return (
      <p role="alert" className="flex gap-2 text-sm text-destructive-text">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 break-words">
          {error?.message || "It failed without a reason."}
        </span>
      </p>
    );
  if (status === "cancelled") return <p className="text-sm text-muted-foreground">Cancelled.</p>;
  if (status !== "completed") return null;
  if (operation === "edit")
    return <p className="text-sm text-muted-foreground">The picture has a new version.</p>;
  return (
    <ul className="grid grid-cols-2 gap-2">
      {images.map((image) => (
        <li key={image.id} data-image={image.id} className="group/picture relative">
          <Link
            to={imagePath(image.id)}
            title="Open the picture"
            className="relative block overflow-hidden rounded-lg border bg-muted"
            style={{ aspectRatio: `${image.width} / ${image.height}` }}
          >
            <Thumbnail image={image} sizes="10rem" />
          </Link>
          <PictureMenuButton />
        </li>
      ))}
    </ul>
  );
}

const NAMES: Record<string, string> = {
  "image-to-image": "Paint over",
  "remove-background": "Cut out",
  inpaint: "Part made anew",
  outpaint: "Grown",
};
const nameOf = ({ operation }: GenerationOut) => NAMES[operation] ?? words(operation);
