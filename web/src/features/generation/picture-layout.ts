/** Where the pictures of one generation stand. */
import type { ProgressOut } from "@/api/types.gen";

const TALLEST = { one: 30, two: 24, more: 16 };
const WIDEST = 44;
const GAP = 0.75;

export type Layout = {
  /** Columns on a phone, and elsewhere. */
  few: number;
  many: number;
  /** The width of all, in rem. */
  widest: number;
};

/** `ratio` is width by height; all pictures of a generation have the same. */
export function layOut(ratio: number, count: number): Layout {
  const tall = count === 1 ? TALLEST.one : count === 2 ? TALLEST.two : TALLEST.more;
  const many = count <= 3 ? count : ratio <= 1.1 ? 4 : 2;
  const few = Math.min(many, ratio > 1.9 ? 1 : 2);
  const tile = Math.max(tall * ratio, ratio < 1 ? 13 : 16);
  return {
    few,
    many,
    widest: Math.min(WIDEST * Math.max(1, many / 2), many * tile + (many - 1) * GAP),
  };
}

/** The picture that is being made: engines make those of one request one after the other. */
export function slotOf(
  { step, steps }: Pick<ProgressOut, "step" | "steps">,
  count: number,
): number {
  if (steps <= 0) return 0;
  return Math.min(count - 1, Math.floor((Math.max(0, step - 1) * count) / steps));
}
