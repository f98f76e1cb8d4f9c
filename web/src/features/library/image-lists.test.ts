import { expect, it } from "vitest";
import { arranged, begun, blocksBetween, placed, withoutFirst } from "./image-lists";
import { page, picture } from "./test-images";

const first = begun(page([picture(250), picture(249)], "next", 250));
const layout = {
  total: 250,
  ratios: Array(250).fill(1500),
  blocks: [
    { start: 0, cursor: null },
    { start: 100, cursor: "a" },
    { start: 200, cursor: "b" },
  ],
};
const list = arranged(first, layout);

it("has a place for every picture, and those of the first page in theirs", () => {
  expect([first.rest, list.rest, list.items.length]).toEqual(["coming", "whole", 250]);
  expect(list.items[1]?.seed).toBe(249);
  expect(list.items[2]).toBeUndefined();
  expect(begun(page([picture(1)], null, 1)).rest).toBe("whole");
});

it("fetches the first pictures again when others came in between", () => {
  expect(arranged(first, { ...layout, total: 251 }).items[0]).toBeUndefined();
});

it("finds the blocks of what is in view", () => {
  expect(blocksBetween(list, 90, 110).map(({ from, to }) => [from, to])).toEqual([
    [0, 100],
    [100, 200],
  ]);
  expect(blocksBetween(list, 210, 250)).toEqual([{ from: 200, to: 250, cursor: "b" }]);
});

it("puts a block in its place, if it holds as many as it should", () => {
  const fifty = Array.from({ length: 50 }, (_, at) => picture(50 - at));
  const next = placed(list, "b", fifty);
  expect([next.items[200]?.seed, next.items[249]?.seed, next.items[199]]).toEqual([
    50,
    1,
    undefined,
  ]);
  expect(placed(list, "b", fifty.slice(1))).toBe(list);
  expect(placed(list, "c", fifty)).toBe(list);
});

it("keeps what was fetched when nothing moved", () => {
  const seen = placed(
    list,
    "b",
    Array.from({ length: 50 }, (_, at) => picture(50 - at)),
  );
  expect(arranged(first, layout, seen).items[200]?.seed).toBe(50);
  const other = begun(page([picture(300), picture(250)], "next", 250));
  expect(arranged(other, layout, seen).items[200]).toBeUndefined();
});

it("leaves out what is held back", () => {
  const shown = withoutFirst(list, 1);
  expect([shown.items[0]?.seed, shown.ratios.length]).toEqual([249, 249]);
  expect(shown.blocks.map(({ start }) => start)).toEqual([0, 99, 199]);
});
