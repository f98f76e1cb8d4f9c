import { expect, it } from "vitest";
import {
  EVERYTHING,
  includes,
  NOTHING,
  placesBetween,
  sizeOf,
  toggled,
  withChosen,
} from "./selection";
import { stepAt } from "./use-rubber-band";

it("chooses one by one, and not any more", () => {
  const two = toggled(toggled(NOTHING, "a"), "b");
  expect([includes(two, "a"), includes(two, "c"), sizeOf(two, 10)]).toEqual([true, false, 2]);
  expect(sizeOf(toggled(two, "a"), 10)).toBe(1);
});

it("chooses all that a filter matches, but for some", () => {
  expect([includes(EVERYTHING, "x"), sizeOf(EVERYTHING, 12_345)]).toEqual([true, 12_345]);
  const most = toggled(toggled(EVERYTHING, "a"), "b");
  expect([includes(most, "a"), includes(most, "x"), sizeOf(most, 12_345)]).toEqual([
    false,
    true,
    12_343,
  ]);
  expect(sizeOf(withChosen(most, ["a", "b", "x"], true), 12_345)).toBe(12_345);
});

it("counts a picture once, however often it is in a range", () => {
  expect(sizeOf(withChosen(withChosen(NOTHING, ["a", "b"], true), ["b", "c"], true), 9)).toBe(3);
  expect(placesBetween(7, 3)).toEqual([3, 7]);
});

it("scrolls faster the nearer the frame comes to the edge", () => {
  expect(stepAt(400, 800)).toBe(0);
  expect(stepAt(0, 800)).toBe(-24);
  expect(stepAt(32, 800)).toBe(-12);
  expect(stepAt(900, 800)).toBe(24);
});
