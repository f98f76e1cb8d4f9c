/** Where the pictures of a list stand, in each of its looks. */
import { evenRows } from "./even";
import { boxOf, layOut, type Rows, rowAt, visible } from "./justified";
import { masonry } from "./masonry";
import { type Move, moveFrom } from "./spatial";

export const LOOKS = ["rows", "grid", "masonry", "list"] as const;
export type Look = (typeof LOOKS)[number];

export const DENSITIES = ["small", "medium", "large"] as const;
export type Density = (typeof DENSITIES)[number];

export type Box = { left: number; top: number; width: number; height: number };

export type Arrangement = {
  count: number;
  /** The height of all. */
  total: number;
  boxOf: (index: number) => Box;
  /** The pictures that show between two heights, in their order. */
  visible: (from: number, to: number) => number[];
  /** The first picture at this height. */
  at: (y: number) => number;
  /** The picture that a key leads to; `column` is the x to keep to, `page` the height of the view. */
  move: (index: number, move: Move, column: number, page: number) => number;
};

/** Sizes on a narrow page and on a wide one: the height of rows, the width of cells, the height of lines. */
const HEIGHTS: Record<Density, [number, number]> = {
  small: [96, 150],
  medium: [156, 236],
  large: [280, 360],
};
const WIDTHS: Record<Density, [number, number]> = {
  small: [80, 130],
  medium: [150, 210],
  large: [300, 340],
};
const LINES: Record<Density, [number, number]> = {
  small: [56, 44],
  medium: [80, 64],
  large: [112, 104],
};
const WIDE = 640;

export const gapOf = (width: number) => (width < WIDE ? 6 : 10);

export const rowHeightOf = (density: Density, width: number) =>
  HEIGHTS[density][width < WIDE ? 0 : 1];

/** Arranges pictures of these ratios (width for a height of 1000) on a page of this width. */
export function arrange(
  ratios: readonly number[],
  look: Look,
  density: Density,
  width: number,
): Arrangement {
  const at = width < WIDE ? 0 : 1;
  const gap = gapOf(width);
  const cell = WIDTHS[density][at];
  const columns = Math.max(1, Math.floor((width + gap) / (cell + gap)));
  switch (look) {
    case "rows":
      return inRows(layOut(ratios, { width, rowHeight: HEIGHTS[density][at], gap }));
    case "grid":
      return inRows(evenRows(ratios.length, { width, columns, gap }));
    case "list":
      return inRows(
        evenRows(ratios.length, { width, columns: 1, gap: 0, height: LINES[density][at] }),
      );
    case "masonry":
      return masonry(ratios, { width, columns, gap });
  }
}

function inRows(rows: Rows): Arrangement {
  return {
    count: rows.count,
    total: rows.total,
    boxOf: (index) => boxOf(rows, index),
    visible: (from, to) => {
      const { start, end } = visible(rows, from, to);
      return Array.from({ length: end - start }, (_, offset) => start + offset);
    },
    at: (y) => rows.first[rowAt(rows, y)] ?? 0,
    move: (index, move, column, page) => moveFrom(rows, index, move, column, page),
  };
}

/** The pictures whose boxes a rectangle touches. */
export function touched(arrangement: Arrangement, area: Box): number[] {
  const [right, bottom] = [area.left + area.width, area.top + area.height];
  return arrangement.visible(area.top, bottom).filter((index) => {
    const box = arrangement.boxOf(index);
    return (
      box.left < right &&
      box.left + box.width > area.left &&
      box.top < bottom &&
      box.top + box.height > area.top
    );
  });
}
