import { expect, it } from "vitest";
import { layOut } from "./justified";
import { centreOf, keepsColumn, moveFrom, moveOf } from "./spatial";

// Four squares in a row, five rows, two in the last.
const rows = layOut(Array(18).fill(1000), { width: 430, rowHeight: 100, gap: 10 });
const go = (from: number, key: string, page = 220) => {
  const move = moveOf(key);
  if (!move) throw new Error(key);
  return moveFrom(rows, from, move, centreOf(rows, from), page);
};

it.each([
  ["ArrowRight", 3, 4],
  ["ArrowLeft", 4, 3],
  ["ArrowLeft", 0, 0],
  ["ArrowRight", 17, 17],
  ["ArrowDown", 1, 5],
  ["ArrowUp", 5, 1],
  ["ArrowUp", 2, 2],
  ["ArrowDown", 15, 17],
  ["ArrowDown", 17, 17],
  ["Home", 9, 0],
  ["End", 9, 17],
  ["PageDown", 1, 9],
  ["PageDown", 13, 17],
  ["PageUp", 9, 1],
  ["PageUp", 1, 1],
])("%s leads from %i to %i", (key, from, to) => {
  expect(go(from, key)).toBe(to);
});

it("moves by a row at least when a page is smaller than that", () => {
  expect(go(1, "PageDown", 20)).toBe(5);
  expect(go(9, "PageUp", 20)).toBe(5);
});

it("keeps to the column over rows of other widths", () => {
  const ratios = [1000, 1000, 1000, 1000, 3000, 1000, 1000, 1000, 1000, 1000];
  const mixed = layOut(ratios, { width: 430, rowHeight: 100, gap: 10 });
  const column = centreOf(mixed, 1);
  expect(moveFrom(mixed, 1, "down", column, 0)).toBe(4);
  expect(moveFrom(mixed, 4, "down", column, 0)).toBe(7);
});

it("knows which moves keep the column, and no other key", () => {
  expect(keepsColumn("up")).toBe(true);
  expect(keepsColumn("home")).toBe(false);
  expect(moveOf("Tab")).toBeUndefined();
});
