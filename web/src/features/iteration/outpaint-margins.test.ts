import { expect, it } from "vitest";
import { sketch } from "@/features/generation/test-samples";
import { grownSize, mostOf, NONE, toRatio, withSide } from "./outpaint-margins";

const picture = { width: 1000, height: 600 };
const { sizes } = sketch;

it("grows to a shape, the same on both sides, and only outwards", () => {
  expect(toRatio(picture, "1:1")).toEqual({ left: 0, top: 200, right: 0, bottom: 200 });
  expect(toRatio(picture, "21:9")).toEqual({ left: 200, top: 0, right: 200, bottom: 0 });
  expect(toRatio({ width: 160, height: 90 }, "16:9")).toEqual(NONE);
});

it("keeps to what the model makes", () => {
  const margins = { ...NONE, left: 100 };
  expect(mostOf("right", picture, margins, sizes)).toBe(2048 - 1000 - 100);
  expect(withSide("right", 5000, picture, margins, sizes)).toEqual({ ...margins, right: 948 });
  expect(withSide("top", -5, picture, margins, sizes)).toEqual(margins);
  const small = { ...sizes, max_pixels: 1_000_000 };
  expect(mostOf("bottom", picture, NONE, small)).toBe(400);
  expect(grownSize(picture, margins, 64)).toEqual({ width: 1152, height: 640 });
});
