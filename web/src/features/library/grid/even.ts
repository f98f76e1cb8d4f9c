/** Cells of one size in even rows: squares, or lines when a height is given. */
import type { Rows } from "./justified";

type Measure = { width: number; columns: number; gap: number; height?: number };

export function evenRows(count: number, { width, columns, gap, height }: Measure): Rows {
  const lines = Math.ceil(count / columns);
  const side = (width - gap * (columns - 1)) / columns;
  const tall = height ?? Math.max(1, Math.round(side));
  const rows: Rows = {
    count,
    left: new Float64Array(count),
    width: new Float64Array(count),
    row: new Uint32Array(count),
    first: new Uint32Array(lines + 1),
    top: new Float64Array(lines + 1),
    height: new Float64Array(lines),
    rows: lines,
    total: Math.max(0, lines * (tall + gap) - gap),
  };
  for (let index = 0; index < count; index += 1) {
    const column = index % columns;
    const left = Math.round(column * (side + gap));
    rows.left[index] = left;
    rows.width[index] = Math.round(column * (side + gap) + side) - left;
    rows.row[index] = Math.floor(index / columns);
  }
  for (let row = 0; row <= lines; row += 1) {
    rows.first[row] = Math.min(count, row * columns);
    rows.top[row] = row * (tall + gap);
    if (row < lines) rows.height[row] = tall;
  }
  return rows;
}
