import { Link } from "@tanstack/react-router";
import { Dices, Repeat, RotateCcw, SlidersHorizontal } from "lucide-react";
import type { GenerationOut } from "@/api/types.gen";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { placeColour, Thumbnail } from "@/features/library/thumbnail";
import { useMayChange } from "@/features/workspaces/acting";
import { cn } from "@/lib/cn";
import { Badge } from "@/ui/badge";
import { Button, buttonVariants } from "@/ui/button";
import { isRunning } from "./feed";
import { Facts } from "./generation-card";
import { STATUS_NAMES } from "./history-search";
import { imagePath } from "./paths";
import { RunningBar } from "./running-bar";
import type { CardActions } from "./submit";

const KINDS = {
  pending: "neutral",
  processing: "primary",
  completed: "success",
  failed: "error",
  cancelled: "neutral",
} as const;

type HistoryRowProps = { generation: GenerationOut; actions: CardActions };

/** One request of the history: what it made, how, and making it once more. */
export function HistoryRow({ generation, actions }: HistoryRowProps) {
  const { prompt, status, error, images } = generation;
  return (
    <article
      aria-label={prompt}
      className="grid gap-x-5 gap-y-3 rounded-xl border bg-card p-3 shadow-card sm:grid-cols-[10rem_minmax(0,1fr)] sm:p-4"
    >
      <Thumbnails generation={generation} />
      <div className="grid min-w-0 content-start gap-2">
        <div className="flex items-start gap-3">
          <h3 className="line-clamp-2 min-w-0 flex-1 text-base leading-snug font-medium tracking-normal">
            {prompt}
          </h3>
          {status === "completed" ? null : (
            <Badge kind={KINDS[status]}>{STATUS_NAMES[status]}</Badge>
          )}
        </div>
        <Facts generation={generation} />
        {status === "failed" ? (
          <p className="text-sm text-destructive-text">
            {error?.message || "The engine gave no reason."}
          </p>
        ) : null}
        {status === "completed" && images.length === 0 ? (
          <p className="text-sm text-muted-foreground">Its pictures are in the trash.</p>
        ) : null}
        {isRunning(generation) ? (
          <RunningBar generation={generation} onCancel={actions.cancel} />
        ) : (
          <Buttons generation={generation} actions={actions} />
        )}
      </div>
    </article>
  );
}

function Thumbnails({ generation: { images, status } }: { generation: GenerationOut }) {
  if (images.length === 0) {
    return (
      <span
        aria-hidden
        className={`hidden h-24 rounded-lg bg-muted sm:block ${status === "processing" ? "animate-pulse" : ""}`}
      />
    );
  }
  const few = images.slice(0, 4);
  return (
    <ul
      className={`grid h-24 content-start gap-1 ${few.length > 1 ? "grid-cols-4 sm:grid-cols-2" : "w-40"}`}
    >
      {few.map((image) => (
        <li
          key={image.id}
          data-image={image.id}
          className={cn("group/picture relative", few.length > 2 ? "h-24 sm:h-[2.875rem]" : "h-24")}
        >
          <Link
            to={imagePath(image.id)}
            className="relative block size-full overflow-hidden rounded-lg bg-muted"
            style={{ backgroundColor: placeColour(image) }}
          >
            <Thumbnail image={image} sizes="10rem" />
          </Link>
          <PictureMenuButton />
        </li>
      ))}
    </ul>
  );
}

function Buttons({ generation, actions }: HistoryRowProps) {
  const { status, operation, id } = generation;
  const retries = status === "failed" || status === "cancelled";
  const mayChange = useMayChange();
  const plain = operation === "text-to-image";
  const quiet = buttonVariants({ variant: "ghost", size: "sm" });
  if (!mayChange) return null;
  return (
    <div className="-ml-2 flex flex-wrap gap-1">
      {retries ? (
        <Button variant="ghost" size="sm" onClick={() => actions.retry(generation)}>
          <RotateCcw aria-hidden /> Try again
        </Button>
      ) : null}
      {plain ? (
        <>
          <Link to="/generate" search={{ generation: id }} className={quiet}>
            <SlidersHorizontal aria-hidden /> Use settings
          </Link>
          <Button variant="ghost" size="sm" onClick={() => actions.again(generation, "new")}>
            <Dices aria-hidden /> New seed
          </Button>
          <Button variant="ghost" size="sm" onClick={() => actions.again(generation, "same")}>
            <Repeat aria-hidden /> Same again
          </Button>
        </>
      ) : null}
    </div>
  );
}
