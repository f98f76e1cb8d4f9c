import { expect, it } from "vitest";
import { feathered, selectByColour } from "./mask-areas";
import { MaskHistory } from "./mask-history";
import {
  blankMask,
  clear,
  fillPolygon,
  fillRect,
  imageDataOf,
  invert,
  isBlank,
  type Mask,
  paintSegment,
  wholeOf,
} from "./mask-pixels";

const at = ({ data, width }: Mask, x: number, y: number) => data[y * width + x];

it("paints along the whole way of a stroke, and erases it again", () => {
  const mask = blankMask(100, 40);
  const touched = paintSegment(
    mask,
    { x: 10, y: 20 },
    { x: 90, y: 20 },
    { radius: 5, hardness: 1, erase: false },
  );
  expect(touched).toEqual({ left: 4, top: 14, right: 96, bottom: 26 });
  expect([at(mask, 50, 20), at(mask, 50, 17), at(mask, 50, 12), at(mask, 2, 20)]).toEqual([
    255, 255, 0, 0,
  ]);
  paintSegment(mask, { x: 50, y: 20 }, { x: 50, y: 20 }, { radius: 3, hardness: 1, erase: true });
  expect([at(mask, 50, 20), at(mask, 60, 20)]).toEqual([0, 255]);
});

it("fades a soft brush, and never makes what is painted weaker", () => {
  const mask = blankMask(60, 60);
  const soft = { radius: 20, hardness: 0, erase: false };
  paintSegment(mask, { x: 30, y: 30 }, { x: 30, y: 30 }, soft);
  const near = at(mask, 33, 30) ?? 0;
  const far = at(mask, 46, 30) ?? 0;
  expect(near).toBeGreaterThan(far);
  expect(far).toBeGreaterThan(0);
  paintSegment(mask, { x: 25, y: 30 }, { x: 25, y: 30 }, soft);
  expect(at(mask, 33, 30)).toBeGreaterThanOrEqual(near);
});

it("stays inside the picture", () => {
  const mask = blankMask(20, 20);
  const brush = { radius: 6, hardness: 1, erase: false };
  paintSegment(mask, { x: -3, y: -3 }, { x: 25, y: 25 }, brush);
  expect(fillRect(mask, { x: -5, y: 15 }, { x: 4, y: 99 }, false)).toEqual({
    left: 0,
    top: 15,
    right: 4,
    bottom: 20,
  });
  expect(mask.data.length).toBe(400);
});

it("fills rectangles and lassos exactly", () => {
  const mask = blankMask(20, 20);
  fillRect(mask, { x: 8, y: 6 }, { x: 2, y: 3 }, false);
  expect(mask.data.filter((value) => value === 255)).toHaveLength(18);
  clear(mask);
  expect(isBlank(mask)).toBe(true);
  const square = [
    { x: 5, y: 5 },
    { x: 15, y: 5 },
    { x: 15, y: 15 },
    { x: 5, y: 15 },
  ];
  fillPolygon(mask, square, false);
  expect(mask.data.filter((value) => value === 255)).toHaveLength(100);
  expect([at(mask, 5, 5), at(mask, 14, 14), at(mask, 15, 15)]).toEqual([255, 255, 0]);
  invert(mask);
  expect([at(mask, 5, 5), at(mask, 15, 15)]).toEqual([0, 255]);
});

it("undoes and redoes, forgets what was undone when something new is done, and the oldest when full", () => {
  const mask = blankMask(10, 10);
  const history = new MaskHistory(90);
  const fill = (x: number) => {
    const before = mask.data.slice();
    return history.record(mask, before, fillRect(mask, { x, y: 0 }, { x: x + 2, y: 10 }, false));
  };
  expect(history.undo(mask)).toBeNull();
  fill(0);
  expect(fill(0)).toBe(false);
  fill(2);
  expect(history.undo(mask)).toEqual({ left: 2, top: 0, right: 4, bottom: 10 });
  expect([at(mask, 0, 0), at(mask, 2, 0)]).toEqual([255, 0]);
  history.redo(mask);
  expect(at(mask, 2, 0)).toBe(255);
  history.undo(mask);
  fill(6);
  expect(history.canRedo).toBe(false);
  fill(8);
  history.undo(mask);
  history.undo(mask);
  expect([history.canUndo, at(mask, 0, 0)]).toEqual([false, 255]);
});

it("selects by colour what hangs together, within the tolerance", () => {
  const size = { width: 5, height: 3 };
  // Two dark fields with a light wall between, open below; the lower right is a little lighter.
  const grey = [10, 10, 200, 10, 10, 10, 10, 200, 10, 10, 10, 10, 10, 10, 30];
  const pixels = new Uint8ClampedArray(grey.flatMap((value) => [value, value, value, 255]));
  const chosen = (tolerance: number) => [
    ...selectByColour(pixels, size, { x: 0, y: 0 }, tolerance),
  ];
  const dark = grey.map((value) => (value === 10 ? 255 : 0));
  expect(chosen(0)).toEqual(dark);
  expect(chosen(10)).toEqual(grey.map((value) => (value < 100 ? 255 : 0)));
  expect(chosen(100)).toEqual(grey.map(() => 255));
  expect([...selectByColour(pixels, size, { x: 9, y: 0 }, 50)]).toEqual(grey.map(() => 0));
});

it("feathers edges to both sides, and leaves even areas even", () => {
  const mask = blankMask(60, 60);
  fillRect(mask, { x: 0, y: 0 }, { x: 30, y: 60 }, false);
  const soft = feathered(mask.data, mask, 9);
  const row = (x: number) => soft[30 * 60 + x] ?? -1;
  expect([row(0), row(15), row(45), row(59)]).toEqual([255, 255, 0, 0]);
  expect(row(28)).toBeLessThan(255);
  expect(row(28)).toBeGreaterThan(row(31));
  expect(row(31)).toBeGreaterThan(0);
});

it("is sent as grey values of the picture's exact size", () => {
  const mask = blankMask(7, 3);
  fillRect(mask, { x: 1, y: 0 }, { x: 2, y: 1 }, false);
  const pixels = imageDataOf(mask, wholeOf(mask));
  expect(pixels).toHaveLength(7 * 3 * 4);
  expect([...pixels.subarray(0, 8)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  expect([...imageDataOf(mask, { left: 1, top: 0, right: 2, bottom: 1 }, [1, 2, 3])]).toEqual([
    1, 2, 3, 255,
  ]);
});
