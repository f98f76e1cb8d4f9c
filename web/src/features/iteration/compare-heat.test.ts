import { expect, it } from "vitest";
import { heatOf } from "./compare-heat";

it("is dark where nothing differs, brightest where all does, and says how much", () => {
  const one = new Uint8ClampedArray([0, 0, 0, 255, 9, 9, 9, 255, 0, 0, 0, 255, 50, 50, 50, 255]);
  const two = new Uint8ClampedArray([0, 0, 0, 255, 9, 9, 14, 255, 255, 0, 0, 255, 50, 90, 50, 255]);
  const { pixels, changed } = heatOf(one, two);
  const pixel = (at: number) => [...pixels.slice(at * 4, at * 4 + 4)];
  expect(changed).toBe(0.5);
  expect(pixel(0)).toEqual([12, 10, 28, 255]);
  expect(pixel(1)).toEqual(pixel(0));
  expect(pixel(2)).toEqual([254, 240, 170, 255]);
  expect(pixel(3)).not.toEqual(pixel(0));
  expect(heatOf(new Uint8ClampedArray(), new Uint8ClampedArray()).changed).toBe(0);
});
