/** Holds what is in view in its place when pictures above it come or go, or all are arranged anew. */
import { type RefObject, useLayoutEffect, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import type { Arrangement } from "./arrangement";
import { viewTop } from "./use-grid-window";

/** How many pictures after a vanished one are tried for the anchor. */
const TRIES = 40;

type Shown = { items: readonly (ImageOut | undefined)[]; arrangement: Arrangement };

export function useAnchor(
  grid: RefObject<HTMLElement | null>,
  items: readonly (ImageOut | undefined)[],
  arrangement: Arrangement,
): void {
  const last = useRef<Shown>({ items, arrangement });
  useLayoutEffect(() => {
    const before = last.current;
    last.current = { items, arrangement };
    if (before.arrangement === arrangement || !grid.current) return;
    const top = viewTop(grid.current);
    if (top <= 0) return;
    const shift = shiftOf(before, { items, arrangement }, top);
    if (Math.abs(shift) >= 1) scrollBy({ top: shift, behavior: "instant" });
  }, [grid, items, arrangement]);
}

/** By how much the first picture in view has moved. */
export function shiftOf(before: Shown, after: Shown, top: number): number {
  const begin = before.arrangement.at(top);
  for (let index = begin; index < Math.min(before.items.length, begin + TRIES); index += 1) {
    const now = placeAfter(before, after, index);
    if (now >= 0) return after.arrangement.boxOf(now).top - before.arrangement.boxOf(index).top;
  }
  return 0;
}

/** Where a picture went; one that is not known by its id is held to be where it was. */
function placeAfter(before: Shown, after: Shown, index: number): number {
  const id = before.items[index]?.id;
  if (id === undefined || after.items[index]?.id === id)
    return index < after.arrangement.count ? index : -1;
  return after.items.findIndex((image) => image?.id === id);
}
