import { expect, it } from "vitest";
import type { SizesOut } from "@/api/types.gen";
import { nearestRatio, offeredRatios, ratioOfSize, sizeProblems, socialSizes } from "./sizes";

const free: SizesOut = {
  default: [1024, 1024],
  minimum: 64,
  maximum: 2048,
  step: 8,
  max_pixels: 2_100_000,
  only: [],
  aspect_ratios: { "1:1": [1024, 1024], "16:9": [1360, 768], "9:16": [768, 1360] },
};
const fixed: SizesOut = {
  ...free,
  only: [
    [1024, 1024],
    [1536, 1024],
  ],
  aspect_ratios: { "1:1": [1024, 1024], "3:2": [1536, 1024], "16:9": [1536, 1024] },
};

it("holds a size against the model's bounds", () => {
  expect(sizeProblems(free, 1024, 768)).toEqual({});
  expect(sizeProblems(free, 32, 4096)).toEqual({
    width: "Enter 64 to 2048.",
    height: "Enter 64 to 2048.",
  });
  expect(sizeProblems(free, 1001, null)).toEqual({
    width: "Enter a multiple of 8.",
    height: "Enter a whole number.",
  });
  expect(sizeProblems(free, 2048, 2048)).toEqual({ width: "Together at most 2.1 megapixels." });
  const wide = { ...free, min_pixels: 500_000, max_ratio: 3 };
  expect(sizeProblems(wide, 512, 512)).toEqual({ width: "Together at least 0.5 megapixels." });
  expect(sizeProblems(wide, 2048, 512)).toEqual({ width: "One side at most 3 times the other." });
  expect(sizeProblems(fixed, 1024, 1536)).toEqual({ width: "The model does not make this size." });
});

it("offers only what the model makes", () => {
  expect(offeredRatios(free)).toEqual(["1:1", "16:9", "9:16"]);
  expect(offeredRatios(fixed)).toEqual(["1:1", "3:2"]);
  expect(socialSizes(fixed)).toEqual([]);
  expect(socialSizes(free).map(({ name }) => name)).toContain("YouTube thumbnail");
  expect(socialSizes(free).map(({ name }) => name)).not.toContain("X header");
});

it("finds the shape of a size", () => {
  expect(ratioOfSize(free, 1360, 768)).toBe("16:9");
  expect(ratioOfSize(free, 1000, 768)).toBeNull();
  expect(nearestRatio(free, 1920, 1080)).toBe("16:9");
  expect(nearestRatio(free, 500, 480)).toBe("1:1");
});
