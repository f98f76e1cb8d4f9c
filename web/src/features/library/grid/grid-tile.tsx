import { Download, RotateCcw, Trash2 } from "lucide-react";
import { type FocusEvent, type MouseEvent, memo, type PointerEvent, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { cn } from "@/lib/cn";
import { buttonVariants } from "@/ui/button";
import { placeColour, Thumbnail } from "../thumbnail";

/** What tiles ask of their grid. One object for all of them, so that they need not draw anew. */
export type TileHost = {
  hrefOf: (image: ImageOut) => string;
  open: (image: ImageOut, event: MouseEvent) => void;
  prepare: (image: ImageOut) => void;
  move: (image: ImageOut) => void;
  focused: (image: ImageOut) => void;
};

type GridTileProps = {
  image: ImageOut;
  index: number;
  setSize: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** The one tile that the Tab key reaches. */
  current: boolean;
  moving: boolean;
  trash: boolean;
  host: TileHost;
};

const actionStyle = cn(
  buttonVariants({ variant: "secondary", size: "icon-sm" }),
  "border-transparent bg-popover/90 text-popover-foreground hover:bg-popover",
);
/** So many tiles at the top come before all else. */
const FIRST = 6;
/** Tiles below these sizes have no room for words or for buttons. */
const WORDS_FROM = 150;
const BUTTONS_FROM = 84;

export const GridTile = memo(function GridTile(props: GridTileProps) {
  const { image, index, setSize, left, top, width, height, current, moving, trash, host } = props;
  const [reached, setReached] = useState(false);
  const enter = (event: PointerEvent) => {
    // A finger opens the picture at once; its page has the same actions.
    if (event.pointerType !== "mouse") return;
    setReached(true);
    host.prepare(image);
  };
  const leave = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(document.activeElement)) setReached(false);
  };
  const blur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setReached(false);
  };
  return (
    <li
      aria-setsize={setSize}
      aria-posinset={index + 1}
      data-index={index}
      className="absolute top-0 left-0"
      style={{ width, height, transform: `translate(${left}px, ${top}px)` }}
      onPointerEnter={enter}
      onPointerLeave={leave}
      onFocus={() => {
        setReached(true);
        host.focused(image);
      }}
      onBlur={blur}
    >
      <a
        href={host.hrefOf(image)}
        tabIndex={current ? 0 : -1}
        draggable={false}
        onClick={(event) => host.open(image, event)}
        className="relative block size-full overflow-hidden rounded-lg bg-muted transition-shadow duration-200 ease-studio hover:shadow-raised"
        style={{ backgroundColor: placeColour(image) }}
      >
        <Thumbnail image={image} sizes={`${width}px`} wait={moving} first={index < FIRST} />
        {reached && width >= WORDS_FROM ? (
          <span
            aria-hidden
            className="absolute inset-x-1.5 bottom-1.5 rounded-md bg-popover/90 px-2 py-1.5 text-popover-foreground"
          >
            <span className="line-clamp-2 text-xs leading-snug">{image.title ?? image.prompt}</span>
          </span>
        ) : null}
      </a>
      {reached && !moving && width >= BUTTONS_FROM ? (
        <Actions image={image} trash={trash} current={current} host={host} />
      ) : null}
    </li>
  );
});

type ActionsProps = Pick<GridTileProps, "image" | "trash" | "current" | "host">;

function Actions({ image, trash, current, host }: ActionsProps) {
  const tabIndex = current ? 0 : -1;
  const mayChange = useMayChange();
  const Icon = trash ? RotateCcw : Trash2;
  const label = trash ? "Restore" : "Move to the trash";
  return (
    <div className="absolute top-1.5 right-1.5 flex gap-1">
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
