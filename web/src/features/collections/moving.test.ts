import { expect, test } from "vitest";
import { moved } from "./moving";

const order = ["a", "b", "c", "d", "e"];
const none = new Set<string>();

test("One goes behind what it passed on its way", () => {
  expect(moved(order, "a", "c", none)).toEqual({
    order: ["b", "c", "a", "d", "e"],
    ids: ["a"],
    after: "c",
  });
  expect(moved(order, "e", "a", none)).toEqual({
    order: ["e", "a", "b", "c", "d"],
    ids: ["e"],
    after: null,
  });
});

test("The chosen go along as one block, in their order", () => {
  expect(moved(order, "d", "b", new Set(["d", "a"]))).toEqual({
    order: ["a", "d", "b", "c", "e"],
    ids: ["a", "d"],
    after: null,
  });
  expect(moved(order, "b", "e", new Set(["d", "a"]))?.ids).toEqual(["b"]);
});

test("Onto itself or one of its own block nothing happens", () => {
  expect(moved(order, "a", "a", none)).toBeNull();
  expect(moved(order, "a", "d", new Set(["a", "d"]))).toBeNull();
});
