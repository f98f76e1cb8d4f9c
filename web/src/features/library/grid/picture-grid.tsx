import { type KeyboardEvent, useEffect, useEffectEvent, useId, useMemo, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import type { ImageContext } from "../image-filter";
import { GridTile } from "./grid-tile";
import { boxOf, layOut, ratioOf } from "./justified";
import { centreOf, keepsColumn, moveFrom, moveOf } from "./spatial";
import { useAnchor } from "./use-anchor";
import { useCurrent } from "./use-current";
import { useGridWidth, useGridWindow, viewTop } from "./use-grid-window";
import { useTileHost } from "./use-tile-host";

/** What covers the top and the bottom of the page, with some room. */
const COVERED = { top: 72, bottom: 84 };
/** So many heights of the view before the end the next page is asked for. */
const EARLY = 3;

type PictureGridProps = {
  images: readonly ImageOut[];
  context: ImageContext;
  /** How many there are in all, loaded or not; null where that is not known. */
  total: number | null;
  rowHeight: number;
  label: string;
  onMove: (image: ImageOut) => void;
  onEndNear: () => void;
};

/** Rows of pictures, of which only those in view are in the page. One Tab stop; arrows move in all directions. */
export function PictureGrid(props: PictureGridProps) {
  const { images, context, total, rowHeight, label, onMove, onEndNear } = props;
  const help = useId();
  const grid = useRef<HTMLUListElement>(null);
  const width = useGridWidth(grid);
  const rows = useMemo(
    () => layOut(images.map(ratioOf), { width, rowHeight, gap: width < 640 ? 6 : 10 }),
    [images, width, rowHeight],
  );
  useAnchor(grid, images, rows);
  const { start, end, moving } = useGridWindow(grid, rows);
  const { back, currentIndex, makeCurrent, focusAfter } = useCurrent(grid, images);
  const column = useRef<number | null>(null);

  const reveal = (index: number) => {
    if (!grid.current) return;
    if (rows.row[index] === 0) return scrollTo({ top: 0, behavior: "instant" });
    const { top, height } = boxOf(rows, index);
    const view = viewTop(grid.current);
    const above = top - COVERED.top - view;
    const below = top + height + COVERED.bottom - (view + innerHeight);
    if (above < 0) scrollBy({ top: above, behavior: "instant" });
    else if (below > 0) scrollBy({ top: Math.min(below, above), behavior: "instant" });
  };
  const mayChange = useMayChange();
  const remove = (image: ImageOut) => {
    if (!mayChange) return;
    const index = images.indexOf(image);
    const next = images[index + 1] ?? images[index - 1];
    if (next && grid.current?.contains(document.activeElement)) focusAfter(next.id);
    onMove(image);
  };
  const host = useTileHost({ context, move: remove, focused: ({ id }) => makeCurrent(id) });

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const index = Number(
      (event.target as HTMLElement).closest<HTMLElement>("[data-index]")?.dataset.index,
    );
    const image = images[index];
    if (!image) return;
    const removing = context.trash ? /^r$/i : /^(Delete|Backspace)$/;
    if (removing.test(event.key)) {
      event.preventDefault();
      if (!event.repeat) remove(image);
      return;
    }
    const move = moveOf(event.key);
    if (!move) return;
    event.preventDefault();
    if (!keepsColumn(move)) column.current = null;
    else column.current ??= centreOf(rows, index);
    const page = innerHeight - COVERED.top - COVERED.bottom;
    const next = moveFrom(rows, index, move, column.current ?? 0, page);
    const target = images[next];
    if (!target || next === index) return;
    focusAfter(target.id);
    reveal(next);
  };

  const comeBack = useEffectEvent(() => {
    if (!back) return;
    scrollTo({ top: back.scrollY, behavior: "instant" });
    reveal(currentIndex);
  });
  useEffect(() => comeBack(), []);

  const near =
    (rows.top[rows.row[Math.max(0, end - 1)] ?? 0] ?? 0) + innerHeight * EARLY > rows.total;
  const callEnd = useEffectEvent(onEndNear);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every further page asks anew whether it is enough.
  useEffect(() => {
    if (near) callEnd();
  }, [near, images.length, end]);

  const tile = (index: number) => {
    const image = images[index];
    if (!image) return null;
    return (
      <GridTile
        key={image.id}
        image={image}
        index={index}
        setSize={total ?? -1}
        {...boxOf(rows, index)}
        current={index === currentIndex}
        moving={moving}
        trash={context.trash === true}
        host={host}
      />
    );
  };
  const shown = Array.from({ length: end - start }, (_, offset) => start + offset);
  // The current one stays, wherever the page is scrolled, so that the focus is never lost.
  if (currentIndex < start) shown.unshift(currentIndex);
  if (currentIndex >= end) shown.push(currentIndex);
  return (
    <>
      <p id={help} className="sr-only">
        Arrow keys move from picture to picture, Enter opens one,{" "}
        {mayChange ? (context.trash ? "R restores it." : "Delete moves it to the trash.") : null}
      </p>
      <ul
        ref={grid}
        aria-label={label}
        aria-describedby={help}
        onKeyDown={press}
        onPointerDown={() => {
          column.current = null;
        }}
        className="relative [overflow-anchor:none]"
        style={{ height: rows.total }}
      >
        {shown.map(tile)}
      </ul>
    </>
  );
}
