import { Check, Download, Ellipsis, Heart, RotateCcw, Trash2 } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { cn } from "@/lib/cn";
import { buttonVariants } from "@/ui/button";
import type { GridTileProps } from "./grid-tile";

const actionStyle = cn(
  buttonVariants({ variant: "secondary", size: "icon-sm" }),
  "border-transparent bg-popover/90 text-popover-foreground hover:bg-popover",
);

type TileActionsProps = Pick<GridTileProps, "image" | "trash" | "current" | "line" | "host">;

export function TileActions({ image, trash, current, line, host }: TileActionsProps) {
  const tabIndex = current ? 0 : -1;
  const mayChange = useMayChange();
  const Icon = trash ? RotateCcw : Trash2;
  const label = trash ? "Restore" : "Move to the trash";
  const { is_favorite } = image;
  return (
    <div
      className={cn(
        "absolute right-1.5 flex gap-1",
        line ? "top-1/2 -translate-y-1/2 max-sm:hidden" : "top-1.5",
      )}
    >
      {trash || !mayChange || !host.favourite ? null : (
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label="Favourite"
          aria-pressed={is_favorite}
          title={is_favorite ? "No favourite any more (f)" : "Favourite (f)"}
          onClick={() => host.favourite?.(image)}
          className={actionStyle}
        >
          <Heart aria-hidden className={cn(is_favorite && "fill-current text-highlight-text")} />
        </button>
      )}
      {trash ? null : (
        <a
          href={image.download_url}
          download
          tabIndex={tabIndex}
          aria-label="Download"
          title="Download"
          className={actionStyle}
        >
          <Download aria-hidden />
        </a>
      )}
      {trash ? null : (
        <button
          type="button"
          tabIndex={tabIndex}
          data-image-menu=""
          aria-haspopup="menu"
          aria-label="What can be made of it"
          title="What can be made of it (right click)"
          className={actionStyle}
        >
          <Ellipsis aria-hidden />
        </button>
      )}
      {mayChange ? (
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label={label}
          title={label}
          onClick={() => host.move(image)}
          className={actionStyle}
        >
          <Icon aria-hidden />
        </button>
      ) : null}
    </div>
  );
}

type ChooseProps = Pick<
  GridTileProps,
  "image" | "index" | "chosen" | "current" | "line" | "host"
> & {
  image: ImageOut;
};

/** The box in the corner that chooses a picture. */
export function Choose({ image, index, chosen, current, line, host }: ChooseProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: an input would be checked before the list says so.
    <button
      type="button"
      role="checkbox"
      aria-checked={chosen}
      aria-label={`Choose ${image.title ?? image.alt_text}`}
      tabIndex={current ? 0 : -1}
      onClick={(event) => host.choose(image, index, event.shiftKey)}
      className={cn(
        "absolute left-1.5 grid size-7 place-items-center rounded-full border-2 shadow-card transition-colors",
        line ? "top-1/2 -translate-y-1/2" : "top-1.5",
        chosen
          ? "border-primary bg-primary text-primary-foreground"
          : "border-foreground/40 bg-popover/90 text-transparent hover:text-muted-foreground",
      )}
    >
      <Check aria-hidden className="size-4" />
    </button>
  );
}
