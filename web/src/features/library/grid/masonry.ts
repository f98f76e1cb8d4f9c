/** Columns of one width; each picture stands under the shortest column there is, in its own shape. */
import type { Arrangement } from "./arrangement";
import type { Move } from "./spatial";

type Measure = { width: number; columns: number; gap: number };

/** The taller ones are cut, so that none becomes a thread. */
const NARROWEST = 350;
const WIDEST = 3000;
/** Which pictures stand where is looked up by stripes of this height. */
const STRIPE = 2_000;

export function masonry(ratios: readonly number[], { width, columns, gap }: Measure): Arrangement {
  const count = ratios.length;
  const side = (width - gap * (columns - 1)) / columns;
  const tops = new Float64Array(count);
  const heights = new Float64Array(count);
  const column = new Uint8Array(count);
  const members: number[][] = Array.from({ length: columns }, () => []);
  const ends = new Float64Array(columns);
  for (let index = 0; index < count; index += 1) {
    let shortest = 0;
    for (let at = 1; at < columns; at += 1)
      if ((ends[at] ?? 0) < (ends[shortest] ?? 0)) shortest = at;
    const ratio = Math.min(WIDEST, Math.max(NARROWEST, ratios[index] ?? 1000));
    const tall = Math.max(1, Math.round((side * 1000) / ratio));
    tops[index] = ends[shortest] ?? 0;
    heights[index] = tall;
    column[index] = shortest;
    members[shortest]?.push(index);
    ends[shortest] = (ends[shortest] ?? 0) + tall + gap;
  }
  const total = count > 0 ? Math.max(...ends) - gap : 0;
  const stripes = stripesOf(tops, heights, total);
  const topOf = (index: number) => tops[index] ?? 0;
  const bottomOf = (index: number) => topOf(index) + (heights[index] ?? 0);
  const leftOf = (at: number) => Math.round(at * (side + gap));

  const visible = (from: number, to: number): number[] => {
    const first = Math.max(0, Math.floor(from / STRIPE));
    const last = Math.min(stripes.length - 1, Math.floor(to / STRIPE));
    const found = new Set<number>();
    for (let stripe = first; stripe <= last; stripe += 1)
      for (const index of stripes[stripe] ?? [])
        if (bottomOf(index) >= from && topOf(index) <= to) found.add(index);
    return [...found].sort((one, other) => one - other);
  };

  /** The picture of the column that stands at `y`, or else nearest to it. */
  const inColumn = (at: number, y: number): number => {
    const own = members[at] ?? [];
    let [low, high] = [0, Math.max(0, own.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (topOf(own[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return own[low] ?? 0;
  };
  const along = (index: number, step: number, keep: number): number => {
    const at = columnAt(keep);
    const own = members[column[index] ?? 0] ?? [];
    const next = own[own.indexOf(index) + step];
    // A column that was left for a shorter one is gone back to.
    if (next !== undefined && at !== column[index])
      return inColumn(at, topOf(next) + (heights[next] ?? 0) / 2);
    return next ?? index;
  };
  const columnAt = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor(x / (side + gap))));

  const move = (index: number, way: Move, keep: number, page: number): number => {
    switch (way) {
      case "left":
        return Math.max(0, index - 1);
      case "right":
        return Math.min(count - 1, index + 1);
      case "home":
        return 0;
      case "end":
        return Math.max(0, count - 1);
      case "up":
        return along(index, -1, keep);
      case "down":
        return along(index, 1, keep);
      case "pageUp":
        return inColumn(columnAt(keep), Math.max(0, topOf(index) - page));
      case "pageDown":
        return inColumn(columnAt(keep), topOf(index) + page);
    }
  };

  return {
    count,
    total,
    boxOf: (index) => {
      const at = column[index] ?? 0;
      const left = leftOf(at);
      const right = Math.round(at * (side + gap) + side);
      return { left, top: topOf(index), width: right - left, height: heights[index] ?? 0 };
    },
    visible,
    at: (y) => visible(y, y + STRIPE)[0] ?? 0,
    move,
  };
}

function stripesOf(tops: Float64Array, heights: Float64Array, total: number): number[][] {
  const stripes: number[][] = Array.from({ length: Math.ceil(total / STRIPE) + 1 }, () => []);
  for (let index = 0; index < tops.length; index += 1) {
    const top = tops[index] ?? 0;
    const last = Math.floor((top + (heights[index] ?? 0)) / STRIPE);
    for (let stripe = Math.floor(top / STRIPE); stripe <= last; stripe += 1)
      stripes[stripe]?.push(index);
  }
  return stripes;
}
