import { type KeyboardEvent, useEffect, useEffectEvent, useId, useMemo, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import type { ImageContext } from "../image-filter";
import type { ImageList } from "../image-lists";
import { NOTHING, type Selection } from "../selection/selection";
import { useRubberBand } from "../selection/use-rubber-band";
import type { Choosing } from "../selection/use-selection";
import { arrange } from "./arrangement";
import { Placeholder, RubberBand } from "./grid-parts";
import { GridTile } from "./grid-tile";
import { keepsColumn, moveOf } from "./spatial";
import { useAnchor } from "./use-anchor";
import { useCurrent } from "./use-current";
import { useGridWidth, useGridWindow, viewTop } from "./use-grid-window";
import { useTileHost } from "./use-tile-host";
import type { View } from "./view";

/** What covers the top and the bottom of the page, with some room. */
const COVERED = { top: 72, bottom: 84 };

export type GridHandle = {
  /** The picture that keys without a selection are about. */
  current: () => ImageOut | undefined;
  /** The current picture is about to go: the focus moves on to the next. */
  leave: () => void;
  /** Brings a place of the list into view. */
  goTo: (index: number) => void;
};

type PictureGridProps = View & {
  list: ImageList;
  context: ImageContext;
  label: string;
  choosing: Choosing;
  handle: { current: GridHandle | null };
  onMove: (image: ImageOut) => void;
  onFavourite?: ((image: ImageOut) => void) | undefined;
  /** These places are in view, and what is missing of them is wanted. */
  onWanted: (from: number, to: number) => void;
};

/** Pictures, of which only those in view are in the page. One Tab stop; arrows move in all directions. */
export function PictureGrid(props: PictureGridProps) {
  const { list, context, look, density, label, choosing, handle, onWanted } = props;
  const { items, ratios } = list;
  const help = useId();
  const grid = useRef<HTMLUListElement>(null);
  const width = useGridWidth(grid);
  const arrangement = useMemo(
    () => arrange(ratios, look, density, width),
    [ratios, look, density, width],
  );
  useAnchor(grid, items, arrangement);
  const { shown, moving } = useGridWindow(grid, arrangement);
  const { back, index: current, makeCurrent, focusAt } = useCurrent(grid, items);
  const column = useRef<number | null>(null);

  const reveal = (index: number) => {
    if (!grid.current) return;
    const { top, height } = arrangement.boxOf(index);
    if (top === 0) return scrollTo({ top: 0, behavior: "instant" });
    const view = viewTop(grid.current);
    const above = top - COVERED.top - view;
    const below = top + height + COVERED.bottom - (view + innerHeight);
    if (above < 0) scrollBy({ top: above, behavior: "instant" });
    else if (below > 0) scrollBy({ top: Math.min(below, above), behavior: "instant" });
  };
  const leave = () => {
    const next = items[current + 1] ? current + 1 : current - 1;
    if (items[next] && grid.current?.contains(document.activeElement)) focusAt(next);
  };
  const remove = (image: ImageOut) => {
    leave();
    props.onMove(image);
  };
  const host = useTileHost({
    context,
    asked: {
      move: remove,
      favourite: props.onFavourite,
      focused: makeCurrent,
      choosing: () => choosing.active,
      choose: (image, index, range) =>
        range ? void choosing.rangeTo(index) : choosing.toggle(image),
    },
  });
  handle.current = {
    current: () => (grid.current?.contains(document.activeElement) ? items[current] : undefined),
    leave,
    goTo: (place) => {
      const index = Math.min(place, items.length - 1);
      const { top } = arrangement.boxOf(index);
      const begin = grid.current?.getBoundingClientRect().top ?? 0;
      scrollTo({ top: scrollY + begin + top - COVERED.top, behavior: "instant" });
      focusAt(index);
    },
  };

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const image = items[current];
    if (event.key === " " && image && !target.closest("button")) {
      event.preventDefault();
      if (event.shiftKey) void choosing.rangeTo(current);
      else choosing.toggle(image);
      return;
    }
    const move = moveOf(event.key);
    if (!move) return;
    event.preventDefault();
    const { left, width: wide } = arrangement.boxOf(current);
    if (!keepsColumn(move)) column.current = null;
    else column.current ??= left + wide / 2;
    const page = innerHeight - COVERED.top - COVERED.bottom;
    const next = arrangement.move(current, move, column.current ?? 0, page);
    if (next === current) return;
    if (event.shiftKey) {
      if (!choosing.active && image) choosing.anchorAt(image);
      void choosing.rangeTo(next);
    }
    focusAt(next);
    reveal(next);
  };

  const before = useRef<Selection>(NOTHING);
  const idsOf = (indexes: number[]) =>
    indexes.flatMap((index) => (items[index] ? [items[index].id] : []));
  const frame = useRubberBand({
    grid,
    arrangement,
    // One that is chosen can be dragged elsewhere.
    mayBegin: (index) => {
      const image = index === null ? undefined : items[index];
      return !image || !choosing.includes(image.id);
    },
    onBegin: (additive) => {
      before.current = additive ? choosing.selection : NOTHING;
    },
    onArea: (indexes) => choosing.only(idsOf(indexes), before.current),
  });

  const comeBack = useEffectEvent(() => {
    if (!back) return;
    scrollTo({ top: back.scrollY, behavior: "instant" });
    reveal(current);
  });
  useEffect(() => comeBack(), []);

  const [from = 0, to = -1] = [shown[0], shown.at(-1)];
  const want = useEffectEvent(onWanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that changed may miss others.
  useEffect(() => {
    if (!moving && to >= from) want(from, to + 1);
  }, [moving, from, to, items]);

  const tile = (index: number) => {
    if (index >= items.length) return null;
    const image = items[index];
    const box = arrangement.boxOf(index);
    if (!image) return <Placeholder key={index} index={index} line={look === "list"} {...box} />;
    return (
      <GridTile
        key={image.id}
        image={image}
        index={index}
        setSize={list.total}
        {...box}
        current={index === current}
        moving={moving}
        trash={context.trash === true}
        line={look === "list"}
        chosen={choosing.includes(image.id)}
        choosing={choosing.active}
        host={host}
      />
    );
  };
  // The current one stays, wherever the page is scrolled, so that the focus is never lost.
  const drawn = shown.includes(current) ? shown : [...shown, current].sort((a, b) => a - b);
  return (
    <div className="relative">
      <p id={help} className="sr-only">
        Arrow keys move from picture to picture, Enter opens one, Space chooses it, ? lists all
        keys.
      </p>
      <ul
        ref={grid}
        tabIndex={-1}
        aria-label={label}
        aria-describedby={help}
        onKeyDown={press}
        onPointerDown={() => {
          column.current = null;
        }}
        className="relative outline-none [overflow-anchor:none]"
        style={{ height: arrangement.total }}
      >
        {drawn.map(tile)}
      </ul>
      {frame ? <RubberBand {...frame} /> : null}
    </div>
  );
}
