/** Pictures in rows of one height each, every row as wide as the page: where each one stands. */

/** Of thinner or wider pictures the ends are cut off in the grid, so that none becomes a thread. */
const NARROWEST = 450;
const WIDEST = 3000;

const within = (ratio = 1000) => Math.min(WIDEST, Math.max(NARROWEST, ratio)) / 1000;

export type Rows = {
  /** How many pictures. */
  count: number;
  left: Float64Array;
  width: Float64Array;
  /** The row of each picture. */
  row: Uint32Array;
  /** Of each row its first picture, its top and its height; one more row than there are closes the list. */
  first: Uint32Array;
  top: Float64Array;
  height: Float64Array;
  rows: number;
  /** The height of all. */
  total: number;
};

export type Measure = {
  width: number;
  /** The height a row should have; each comes as near as its pictures let it. */
  rowHeight: number;
  gap: number;
};

/** Lays out pictures of these ratios (width for a height of 1000), in order. */
export function layOut(ratios: ArrayLike<number>, { width, rowHeight, gap }: Measure): Rows {
  const count = ratios.length;
  const rows: Rows = {
    count,
    left: new Float64Array(count),
    width: new Float64Array(count),
    row: new Uint32Array(count),
    first: new Uint32Array(count + 1),
    top: new Float64Array(count + 1),
    height: new Float64Array(count),
    rows: 0,
    total: 0,
  };
  let start = 0;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const ratio = within(ratios[index]);
    const before = heightOf(width, sum, index - start, gap);
    const height = heightOf(width, sum + ratio, index - start + 1, gap);
    if (height <= rowHeight && index > start && before / rowHeight < rowHeight / height) {
      // Without this one the row is nearer to the wanted height than with it.
      place(rows, ratios, start, index, before, width, gap);
      start = index;
      sum = ratio;
    } else {
      sum += ratio;
    }
    const filled = heightOf(width, sum, index - start + 1, gap);
    if (filled <= rowHeight) {
      place(rows, ratios, start, index + 1, filled, width, gap);
      start = index + 1;
      sum = 0;
    }
  }
  if (start < count) place(rows, ratios, start, count, rowHeight, width, gap);
  rows.first[rows.rows] = count;
  rows.top[rows.rows] = rows.total;
  rows.total = Math.max(0, rows.total - gap);
  return rows;
}

function heightOf(width: number, ratios: number, count: number, gap: number): number {
  return (width - gap * (count - 1)) / ratios;
}

function place(
  rows: Rows,
  ratios: ArrayLike<number>,
  from: number,
  to: number,
  exact: number,
  width: number,
  gap: number,
) {
  const height = Math.max(1, Math.round(exact));
  const full = to - from > 0 && widthOf(ratios, from, to, exact, gap) >= width - 1;
  let edge = 0;
  for (let index = from; index < to; index += 1) {
    const left = Math.round(edge);
    edge += within(ratios[index]) * exact;
    // The last one takes what rounding left over.
    const right = full && index === to - 1 ? width : Math.min(width, Math.round(edge));
    rows.left[index] = left;
    rows.width[index] = Math.max(1, right - left);
    rows.row[index] = rows.rows;
    edge += gap;
  }
  rows.first[rows.rows] = from;
  rows.top[rows.rows] = rows.total;
  rows.height[rows.rows] = height;
  rows.rows += 1;
  rows.total += height + gap;
}

function widthOf(ratios: ArrayLike<number>, from: number, to: number, height: number, gap: number) {
  let sum = gap * (to - from - 1);
  for (let index = from; index < to; index += 1) sum += within(ratios[index]) * height;
  return sum;
}

/** The row at `y`: the last one that begins at it or above; 0 for what is above all. */
export function rowAt({ top, rows }: Rows, y: number): number {
  let low = 0;
  let high = Math.max(0, rows - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((top[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The pictures of the rows that show between `from` and `to`; `end` is one past the last. */
export function visible(rows: Rows, from: number, to: number): { start: number; end: number } {
  if (rows.count === 0 || to < 0 || from > rows.total) return { start: 0, end: 0 };
  const start = rows.first[rowAt(rows, from)] ?? 0;
  const end = rows.first[rowAt(rows, to) + 1] ?? rows.count;
  return { start, end };
}

/** Where one picture stands. */
export function boxOf(rows: Rows, index: number) {
  const row = rows.row[index] ?? 0;
  return {
    left: rows.left[index] ?? 0,
    top: rows.top[row] ?? 0,
    width: rows.width[index] ?? 0,
    height: rows.height[row] ?? 0,
  };
}
