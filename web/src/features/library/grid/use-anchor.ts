/** Holds what is in view in its place when pictures above it come or go, or the rows are laid out anew. */
import { type RefObject, useLayoutEffect, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import { boxOf, type Rows, rowAt } from "./justified";
import { viewTop } from "./use-grid-window";

/** How many pictures after a vanished one are tried for the anchor. */
const TRIES = 40;

export function useAnchor(
  grid: RefObject<HTMLElement | null>,
  images: readonly ImageOut[],
  rows: Rows,
): void {
  const last = useRef({ images, rows });
  useLayoutEffect(() => {
    const before = last.current;
    last.current = { images, rows };
    if (before.rows === rows || !grid.current) return;
    const top = viewTop(grid.current);
    if (top <= 0) return;
    const shift = shiftOf(before, { images, rows }, top);
    if (Math.abs(shift) >= 1) scrollBy({ top: shift, behavior: "instant" });
  }, [grid, images, rows]);
}

type Shown = { images: readonly ImageOut[]; rows: Rows };

/** By how much the first picture in view has moved. */
export function shiftOf(before: Shown, after: Shown, top: number): number {
  const row = rowAt(before.rows, top);
  const begin = before.rows.first[row] ?? 0;
  for (let index = begin; index < Math.min(before.images.length, begin + TRIES); index += 1) {
    const id = before.images[index]?.id;
    const now =
      after.images[index]?.id === id ? index : after.images.findIndex((image) => image.id === id);
    if (now >= 0) return boxOf(after.rows, now).top - boxOf(before.rows, index).top;
  }
  return 0;
}
