import { Link } from "@tanstack/react-router";
import { Check, CopyX, Expand, FolderOpen, Heart, Star, Trash2 } from "lucide-react";
import type { DuplicateGroup, ImageOut } from "@/api/types.gen";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { Thumbnail } from "@/features/library/thumbnail";
import { cn } from "@/lib/cn";
import { formatBytes, formatCount, formatDate, formatNumber } from "@/lib/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";

type GroupProps = {
  group: DuplicateGroup;
  kept: ReadonlySet<string>;
  onKeep: (kept: ReadonlySet<string>) => void;
  /** Absent where one may look and no more. */
  onTrash?: ((ids: string[]) => void) | undefined;
  onDismiss: () => void;
  busy: boolean;
  projectName: (id: string) => string | undefined;
};

/** Pictures that are alike, side by side: those that stay are marked. */
export function Group(props: GroupProps) {
  const { group, kept, onKeep, onTrash, onDismiss, busy, projectName } = props;
  const { images, total, whole } = group;
  const rest = images.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const most = Math.max(...images.map(({ width, height }) => width * height));
  const toggle = (id: string) => {
    const next = new Set(kept);
    if (!next.delete(id)) next.add(id);
    // One stays, whatever is chosen.
    if (next.size > 0) onKeep(next);
  };
  return (
    <Card className="grid gap-3 p-3 sm:p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto text-sm font-medium">
          {formatCount(total, "picture")}
          {total > images.length ? (
            <span className="font-normal text-muted-foreground">
              {`, of which these are the first ${images.length}; the rest comes once they are fewer`}
            </span>
          ) : null}
        </h2>
        {onTrash ? (
          <>
            {whole ? (
              <Button size="sm" variant="ghost" disabled={busy} onClick={onDismiss}>
                <CopyX aria-hidden /> Not duplicates
              </Button>
            ) : null}
            <Button
              size="sm"
              variant="secondary"
              disabled={busy || rest.length === 0}
              onClick={() => onTrash(rest)}
            >
              <Trash2 aria-hidden /> {`Trash ${formatNumber(rest.length)}`}
              <span className="sr-only">
                {rest.length === 1 ? "picture of this group" : "pictures of this group"}
              </span>
            </Button>
          </>
        ) : null}
      </div>
      <ul className="flex gap-3 overflow-x-auto p-1">
        {images.map((image) => (
          <li key={image.id} data-image={image.id} className="group/picture w-40 shrink-0 sm:w-48">
            <Candidate
              image={image}
              kept={kept.has(image.id)}
              largest={image.width * image.height === most}
              project={image.project_id ? projectName(image.project_id) : undefined}
              onToggle={() => toggle(image.id)}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

type CandidateProps = {
  image: ImageOut;
  kept: boolean;
  largest: boolean;
  project: string | undefined;
  onToggle: () => void;
};

function Candidate({ image, kept, largest, project, onToggle }: CandidateProps) {
  const { id, width, height, format, file_size, rating, is_favorite, created_at } = image;
  const name = image.title ?? (image.prompt || "Untitled picture");
  return (
    <div className="grid gap-1.5 text-xs">
      <div className="relative">
        <button
          type="button"
          aria-pressed={kept}
          aria-label={`Keep ${name}, ${formatNumber(width)} × ${formatNumber(height)}`}
          onClick={onToggle}
          className={cn(
            "relative block aspect-square w-full overflow-hidden rounded-lg bg-muted",
            kept ? "ring-3 ring-primary" : "opacity-70 hover:opacity-100 focus-visible:opacity-100",
          )}
        >
          <Thumbnail image={image} sizes="192px" />
        </button>
        {kept ? (
          <span className="pointer-events-none absolute top-2 left-2 flex items-center gap-1 rounded-full bg-primary px-2 py-0.5 font-semibold text-primary-foreground">
            <Check aria-hidden className="size-3.5" /> Keep
          </span>
        ) : null}
        <Link
          to="/images/$id"
          params={{ id }}
          aria-label={`Open ${name}`}
          title="Open"
          className="absolute right-2 bottom-2 grid size-8 place-items-center rounded-lg bg-popover/90 text-popover-foreground shadow-card hover:bg-accent"
        >
          <Expand aria-hidden className="size-4" />
        </Link>
        <PictureMenuButton className="top-2 right-2 size-8" />
      </div>
      <p className="flex items-center gap-1.5 tabular-nums">
        <span className={cn(largest ? "font-semibold" : "text-muted-foreground")}>
          {formatNumber(width)} × {formatNumber(height)}
        </span>
        <span className="ml-auto flex items-center gap-1">
          {rating ? (
            <>
              <Star aria-hidden className="size-3.5 fill-warning text-warning" />
              <span className="sr-only">rated</span> {rating}
            </>
          ) : null}
          {is_favorite ? (
            <>
              <Heart aria-hidden className="size-3.5 fill-current text-highlight-text" />
              <span className="sr-only">favourite</span>
            </>
          ) : null}
        </span>
      </p>
      <p className="text-muted-foreground tabular-nums">
        {`${format.toUpperCase()}, ${formatBytes(file_size)}, ${formatDate(created_at)}`}
      </p>
      {project ? (
        <p className="flex items-center gap-1 text-muted-foreground">
          <FolderOpen aria-hidden className="size-3.5 shrink-0" />
          <bdi className="truncate">{project}</bdi>
        </p>
      ) : null}
    </div>
  );
}
