/** Where the keys of the arrows lead in a grid of rows. */
import { boxOf, type Rows, rowAt } from "./justified";

export type Move = "left" | "right" | "up" | "down" | "home" | "end" | "pageUp" | "pageDown";

const KEYS: Record<string, Move> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "home",
  End: "end",
  PageUp: "pageUp",
  PageDown: "pageDown",
};

export const moveOf = (key: string): Move | undefined => KEYS[key];

/** Whether a move keeps to the column it began in. */
export const keepsColumn = (move: Move) =>
  move === "up" || move === "down" || move === "pageUp" || move === "pageDown";

export function centreOf(rows: Rows, index: number): number {
  const { left, width } = boxOf(rows, index);
  return left + width / 2;
}

/** The picture that `move` leads to from `index`; `column` is the x to keep to, `page` the height of the view. */
export function moveFrom(rows: Rows, index: number, move: Move, column: number, page: number) {
  const last = rows.count - 1;
  if (last < 0) return 0;
  const row = rows.row[index] ?? 0;
  const top = rows.top[row] ?? 0;
  switch (move) {
    case "left":
      return Math.max(0, index - 1);
    case "right":
      return Math.min(last, index + 1);
    case "home":
      return 0;
    case "end":
      return last;
    case "up":
      return row === 0 ? index : nearest(rows, row - 1, column);
    case "down":
      return row === rows.rows - 1 ? index : nearest(rows, row + 1, column);
    case "pageUp":
      return nearest(rows, Math.max(0, Math.min(row - 1, rowAt(rows, top - page))), column);
    case "pageDown": {
      const below = Math.max(row + 1, rowAt(rows, top + page));
      return nearest(rows, Math.min(rows.rows - 1, below), column);
    }
  }
}

/** The picture of `row` whose middle is nearest to `x`. */
function nearest(rows: Rows, row: number, x: number): number {
  const from = rows.first[row] ?? 0;
  const to = rows.first[row + 1] ?? rows.count;
  let best = from;
  for (let index = from; index < to; index += 1) {
    if (Math.abs(centreOf(rows, index) - x) < Math.abs(centreOf(rows, best) - x)) best = index;
  }
  return best;
}
