import { expect, it } from "vitest";
import { CLOSEST, middleOf, room, squareOf, within } from "./crop";

const WIDE = { width: 900, height: 300 };

it("begins with the largest square in the middle", () => {
  expect(squareOf(WIDE, middleOf(WIDE))).toEqual({ left: 300, top: 0, side: 300 });
});

it("never leaves the picture", () => {
  expect(squareOf(WIDE, within(WIDE, { x: -50, y: 9999, zoom: 1 }))).toEqual({
    left: 0,
    top: 0,
    side: 300,
  });
  expect(squareOf(WIDE, within(WIDE, { x: 9999, y: 9999, zoom: 3 }))).toEqual({
    left: 800,
    top: 200,
    side: 100,
  });
});

it("looks neither closer nor from farther than it may", () => {
  expect(within(WIDE, { x: 450, y: 150, zoom: 99 }).zoom).toBe(CLOSEST);
  expect(within(WIDE, { x: 450, y: 150, zoom: 0.1 }).zoom).toBe(1);
});

it("knows how far it can go", () => {
  expect(room(WIDE.width, 300)).toEqual([150, 750]);
  expect(room(WIDE.height, 300)).toEqual([150, 150]);
});
