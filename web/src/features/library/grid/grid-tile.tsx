import { Star } from "lucide-react";
import { type FocusEvent, lazy, memo, type PointerEvent, Suspense, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { placeColour, Thumbnail } from "../thumbnail";
import type { Box } from "./arrangement";
import { ListLine } from "./list-line";
import { Choose, TileActions } from "./tile-actions";
import type { TileHost } from "./tile-host";
import { useLongPress } from "./use-long-press";

export type GridTileProps = Box & {
  image: ImageOut;
  index: number;
  setSize: number;
  /** The one tile that the Tab key reaches. */
  current: boolean;
  moving: boolean;
  trash: boolean;
  /** A line of a list, with facts beside the picture. */
  line: boolean;
  chosen: boolean;
  /** Pictures are being chosen: every tile shows whether it is. */
  choosing: boolean;
  host: TileHost;
};

/** So many tiles at the top come before all else. */
const FIRST = 6;
/** Tiles below these sizes have no room for words or for buttons. */
const WORDS_FROM = 150;
const BUTTONS_FROM = 110;
/** Pictures smaller than this are shown larger when the pointer rests on them. */
const PREVIEW_BELOW = 200;

const HoverPreview = lazy(() =>
  import("./hover-preview").then((module) => ({ default: module.HoverPreview })),
);

export const GridTile = memo(function GridTile(props: GridTileProps) {
  const { image, index, setSize, left, top, width, height, current, moving, host } = props;
  const { trash, line, chosen, choosing } = props;
  const [reached, setReached] = useState(false);
  const [hovered, setHovered] = useState(false);
  const tile = useRef<HTMLLIElement>(null);
  const picture = useRef<HTMLSpanElement>(null);
  const touch = useLongPress(() => host.choose(image, index, false));
  const enter = (event: PointerEvent) => {
    // A finger opens the picture at once; its page has the same actions.
    if (event.pointerType !== "mouse") return;
    setReached(true);
    setHovered(true);
    host.prepare(image);
  };
  const leave = (event: PointerEvent<HTMLElement>) => {
    setHovered(false);
    if (!event.currentTarget.contains(document.activeElement)) setReached(false);
  };
  const blur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setReached(false);
  };
  const size = line ? height - 8 : width;
  return (
    <li
      ref={tile}
      aria-setsize={setSize}
      aria-posinset={index + 1}
      data-index={index}
      data-image={image.id}
      data-held=""
      className="absolute top-0 left-0"
      style={{ width, height, transform: `translate(${left}px, ${top}px)` }}
      onPointerEnter={enter}
      onPointerLeave={leave}
      onFocus={() => {
        setReached(true);
        host.focused(index);
      }}
      onBlur={blur}
    >
      <a
        href={host.hrefOf(image)}
        tabIndex={current ? 0 : -1}
        draggable={false}
        onClick={(event) => host.press(image, index, event)}
        {...touch}
        className={cn(
          "relative block size-full overflow-hidden rounded-lg transition-shadow duration-200 ease-studio [-webkit-touch-callout:none]",
          line
            ? "flex items-center gap-3 p-1 hover:bg-accent sm:gap-4"
            : "bg-muted hover:shadow-raised",
          chosen && "ring-3 ring-primary ring-inset",
          chosen && line && "bg-primary-soft",
        )}
        style={line ? undefined : { backgroundColor: placeColour(image) }}
      >
        <span
          ref={picture}
          className={cn(
            "block transition-transform duration-200 ease-studio",
            line ? "relative shrink-0 overflow-hidden rounded-md bg-muted" : "absolute inset-0",
            chosen && !line && "scale-[0.88] overflow-hidden rounded-md",
          )}
          style={
            line ? { width: size, height: size, backgroundColor: placeColour(image) } : undefined
          }
        >
          <Thumbnail image={image} sizes={`${size}px`} wait={moving} first={index < FIRST} />
        </span>
        {line ? <ListLine image={image} width={width} /> : null}
        {!line && reached && !choosing && width >= WORDS_FROM ? (
          <span
            aria-hidden
            className="absolute inset-x-1.5 bottom-1.5 rounded-md bg-popover/90 px-2 py-1.5 text-popover-foreground"
          >
            <span className="line-clamp-2 text-xs leading-snug">{image.title ?? image.prompt}</span>
          </span>
        ) : null}
        {chosen ? <span className="sr-only">, chosen</span> : null}
      </a>
      {!line && !moving ? <Marks image={image} hidden={reached && !choosing} /> : null}
      {hovered && !moving && !choosing && size < PREVIEW_BELOW ? (
        <Suspense>
          <HoverPreview image={image} near={line ? picture : tile} />
        </Suspense>
      ) : null}
      {choosing || (reached && !moving) ? (
        <Choose
          image={image}
          index={index}
          chosen={chosen}
          current={current}
          line={line}
          host={host}
        />
      ) : null}
      {reached && !moving && !choosing && width >= BUTTONS_FROM ? (
        <TileActions image={image} trash={trash} current={current} line={line} host={host} />
      ) : null}
    </li>
  );
});

/** That a picture is a favourite, and how it is rated. */
function Marks({ image, hidden }: { image: ImageOut; hidden: boolean }) {
  const { is_favorite, rating } = image;
  if (hidden || (!is_favorite && !rating)) return null;
  return (
    <span className="pointer-events-none absolute right-1.5 bottom-1.5 flex items-center gap-1 rounded-md bg-popover/90 px-1.5 py-1 text-xs font-medium text-popover-foreground tabular-nums">
      {rating ? (
        <>
          <Star aria-hidden className="size-3 fill-warning text-warning" />
          <span className="sr-only">rated</span> {rating}
        </>
      ) : null}
      {is_favorite ? (
        <span className="text-highlight-text">
          <span aria-hidden>♥</span>
          <span className="sr-only">favourite</span>
        </span>
      ) : null}
    </span>
  );
}
