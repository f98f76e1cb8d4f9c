import { expect, it } from "vitest";
import { clampView, fitScale, limits, pinch, swipeOf, wheelFactor, zoomAt } from "./zoom";

const stage = { width: 1000, height: 500 };

it("fits a picture by its tighter side, and enlarges a small one a little", () => {
  expect(fitScale({ width: 2000, height: 2000 }, stage)).toBe(0.25);
  expect(fitScale({ width: 100, height: 100 }, stage)).toBe(2);
  expect(fitScale({ width: 0, height: 0 }, stage)).toBe(1);
});

it("zooms out to the whole or the actual pixels, and in to the pixels themselves", () => {
  expect(limits(0.25, 1)).toEqual({ min: 0.25, max: 16 });
  expect(limits(2, 1)).toEqual({ min: 1, max: 16 });
  expect(limits(0.25, 2).max).toBe(8);
});

it("keeps what is under the pointer under it", () => {
  const before = { scale: 0.5, x: 20, y: -10 };
  const at = { x: 120, y: 60 };
  const after = zoomAt(before, 2, at);
  const pixel = (view: typeof before) => [
    (at.x - view.x) / view.scale,
    (at.y - view.y) / view.scale,
  ];
  expect(pixel(after)).toEqual(pixel(before));
});

it("does not let an edge come in further than it must", () => {
  const picture = { width: 1000, height: 1000 };
  expect(clampView({ scale: 1, x: 300, y: 900 }, picture, stage)).toEqual({
    scale: 1,
    x: 0,
    y: 250,
  });
});

it("follows two fingers", () => {
  const view = { scale: 1, x: 0, y: 0 };
  const from: [{ x: number; y: number }, { x: number; y: number }] = [
    { x: -50, y: 0 },
    { x: 50, y: 0 },
  ];
  expect(
    pinch(view, from, [
      { x: -100, y: 0 },
      { x: 100, y: 0 },
    ]).scale,
  ).toBe(2);
  expect(
    pinch(view, from, [
      { x: -40, y: 10 },
      { x: 60, y: 10 },
    ]),
  ).toEqual({ scale: 1, x: 10, y: 10 });
});

it("turns the wheel into a factor, the same in and out", () => {
  const turn = (deltaY: number) => wheelFactor({ deltaY, deltaMode: 0, ctrlKey: false });
  expect(turn(-100)).toBeGreaterThan(1);
  expect(turn(-100) * turn(100)).toBeCloseTo(1);
  expect(turn(-5000)).toBe(turn(-200));
});

it.each([
  [-150, 10, 400, "next"],
  [150, 10, 400, "previous"],
  [-40, 5, 50, "next"],
  [-40, 5, 400, null],
  [-150, 200, 200, null],
])("reads a drag of %i, %i in %i ms as %s", (dx, dy, ms, step) => {
  expect(swipeOf(dx, dy, ms, 1000)).toBe(step);
});
