import { Link } from "@tanstack/react-router";
import { Check, Minus, Plus, Star, Trash2 } from "lucide-react";
import { memo } from "react";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { cn } from "@/lib/cn";
import { BOX, COLUMN, type Place } from "./tree-layout";
import { operationName, spokenName } from "./tree-words";

type TreeTileProps = {
  place: Place;
  /** The picture that the tree was opened from. */
  here: boolean;
  /** Where the keys are. */
  active: boolean;
  chosen: boolean;
  onChoose: (id: string) => void;
  onFold: (id: string) => void;
};

export const tileId = (id: string) => `family-${id}`;

/** One picture on the map, with what made it on the line that leads to it. */
export const TreeTile = memo(function TreeTile(props: TreeTileProps) {
  const { place, here, active, chosen, onChoose, onFold } = props;
  const { node, x, y, level, offspring, folded } = place;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the map has the focus and names its active tile.
    <div
      id={tileId(node.id)}
      role="treeitem"
      aria-label={spokenName(node)}
      aria-level={level}
      aria-posinset={place.position}
      aria-setsize={place.siblings}
      aria-expanded={offspring > 0 ? folded === 0 : undefined}
      aria-selected={chosen}
      aria-current={here ? "page" : undefined}
      data-image={node.purged ? undefined : node.id}
      className="group/tile group/picture absolute"
      style={{ left: x, top: y, width: BOX, height: BOX }}
    >
      {place.parent ? (
        <span
          aria-hidden
          className="absolute top-1/2 -translate-y-5 truncate px-1 text-center text-[0.6875rem] text-muted-foreground"
          style={{ right: BOX, width: COLUMN - BOX - 24 }}
        >
          {operationName(node.operation)}
        </span>
      ) : null}
      <Picture place={place} marked={here} active={active} chosen={chosen} />
      {node.purged ? null : (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          title={chosen ? "Do not compare" : "Choose for comparing"}
          onClick={() => onChoose(node.id)}
          className={cn(
            "absolute top-1.5 left-1.5 grid size-7 place-items-center rounded-full border shadow-card",
            chosen
              ? "border-primary bg-primary text-primary-foreground"
              : "bg-popover/90 text-muted-foreground group-hover/tile:opacity-100 hover:text-foreground sm:opacity-0",
          )}
        >
          <Check aria-hidden className="size-4" />
        </button>
      )}
      {node.purged ? null : (
        <PictureMenuButton tabIndex={-1} hidden className="top-auto bottom-1.5 left-1.5" />
      )}
      {offspring > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          title={folded > 0 ? `Show ${folded} more` : "Fold this branch"}
          onClick={() => onFold(node.id)}
          className="absolute top-1/2 -right-3 z-1 flex h-6 min-w-6 -translate-y-1/2 items-center justify-center rounded-full border bg-popover px-1 text-[0.6875rem] font-medium text-popover-foreground tabular-nums shadow-card hover:bg-accent"
        >
          {folded > 0 ? (
            <>
              <Plus aria-hidden className="size-3" />
              {folded}
            </>
          ) : (
            <Minus aria-hidden className="size-3" />
          )}
        </button>
      ) : null}
    </div>
  );
});

type PictureProps = { place: Place; marked: boolean; active: boolean; chosen: boolean };

function Picture({ place, marked, active, chosen }: PictureProps) {
  const { node } = place;
  const style = cn(
    "relative block size-full overflow-hidden rounded-xl border bg-muted transition-shadow",
    marked && "ring-2 ring-brand ring-offset-2 ring-offset-subtle",
    chosen && "ring-2 ring-primary",
    active &&
      "group-focus-visible/map:outline-2 group-focus-visible/map:outline-offset-4 group-focus-visible/map:outline-ring",
  );
  if (node.purged) {
    return (
      <span
        className={cn(
          style,
          "grid place-content-center border-dashed bg-transparent text-xs text-muted-foreground",
        )}
      >
        Purged
      </span>
    );
  }
  return (
    <Link
      to="/images/$id"
      params={{ id: node.id }}
      tabIndex={-1}
      draggable={false}
      title={spokenName(node)}
      className={style}
    >
      {node.thumbnail ? (
        <img
          src={node.thumbnail}
          alt=""
          draggable={false}
          decoding="async"
          className={cn("size-full object-cover", node.deleted && "opacity-40 grayscale")}
        />
      ) : null}
      {node.is_favorite ? <Mark icon={Star} className="right-1.5 [&_svg]:fill-current" /> : null}
      {node.deleted ? <Mark icon={Trash2} className="right-1.5 bottom-1.5" /> : null}
    </Link>
  );
}

function Mark({ icon: Icon, className }: { icon: typeof Star; className: string }) {
  return (
    <span
      className={cn(
        "absolute grid size-6 place-items-center rounded-full bg-popover/90 text-popover-foreground",
        !className.includes("bottom") && "top-1.5",
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
    </span>
  );
}
