import { describe, expect, it } from "vitest";
import {
  boxOf,
  flipped,
  movedBox,
  resizedBox,
  stepsOf,
  turned,
  turnedSize,
  UNTOUCHED,
} from "./adjust";

const wide = { width: 400, height: 200 };
const crop = { x: 10, y: 20, width: 100, height: 50 };

describe("simple edits", () => {
  it("sends nothing for what is left as it is", () => {
    expect(stepsOf(wide, UNTOUCHED)).toEqual([]);
    expect(stepsOf(wide, { ...UNTOUCHED, crop: { x: 0, y: 0, ...wide } })).toEqual([]);
  });

  it("sends flips, turns, the crop and tones in this order", () => {
    const adjust = { ...UNTOUCHED, flipX: true, quarters: 1, crop, contrast: 0.5 };
    expect(stepsOf(wide, adjust)).toEqual([
      { op: "flip", axis: "horizontal" },
      { op: "rotate", degrees: 90 },
      { op: "crop", ...crop },
      { op: "contrast", amount: 0.5 },
    ]);
  });

  it("turns the crop with the picture, and comes back after four turns", () => {
    const once = turned(wide, { ...UNTOUCHED, crop }, 1);
    expect(turnedSize(wide, once)).toEqual({ width: 200, height: 400 });
    expect(once.crop).toEqual({ x: 130, y: 10, width: 50, height: 100 });
    expect(turned(wide, once, -1)).toEqual({ ...UNTOUCHED, crop });
  });

  it("mirrors what is seen, also when it is turned", () => {
    const adjust = { ...UNTOUCHED, quarters: 1, straighten: 5 };
    expect(flipped(wide, adjust, "horizontal")).toMatchObject({
      flipX: true,
      quarters: 3,
      straighten: -5,
    });
    expect(flipped(wide, flipped(wide, adjust, "vertical"), "vertical")).toEqual(adjust);
  });

  it("straightens into the largest upright picture of the same shape", () => {
    const { width, height } = turnedSize(wide, { ...UNTOUCHED, straighten: 10 });
    expect(width).toBeLessThan(400);
    expect(Math.abs(width / height - 2)).toBeLessThan(0.02);
  });

  it("keeps the frame inside the picture and in its ratio", () => {
    expect(boxOf(wide, 1)).toEqual({ x: 100, y: 0, width: 200, height: 200 });
    expect(movedBox(crop, -50, 500, wide)).toEqual({ ...crop, x: 0, y: 150 });
    const corner = { right: true, bottom: true };
    expect(resizedBox(crop, corner, 1000, 1000, wide, null)).toEqual({
      x: 10,
      y: 20,
      width: 390,
      height: 180,
    });
    const square = resizedBox(boxOf(wide, 1), { right: false, bottom: false }, 60, 60, wide, 1);
    expect(square).toEqual({ x: 160, y: 60, width: 140, height: 140 });
  });
});
