import { expect, it } from "vitest";
import { boxOf, layOut, rowAt, visible } from "./justified";

const measure = { width: 1000, rowHeight: 200, gap: 10 };
const SHAPES = [1000, 1500, 670, 1780, 560, 1330, 750];
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => SHAPES[(at * 5) % SHAPES.length] ?? 1000);

it("fills each row but the last from edge to edge", () => {
  const rows = layOut(many(100), measure);
  for (let row = 0; row < rows.rows - 1; row += 1) {
    const last = boxOf(rows, (rows.first[row + 1] ?? 0) - 1);
    expect(boxOf(rows, rows.first[row] ?? 0).left).toBe(0);
    expect(last.left + last.width).toBe(1000);
  }
});

it("keeps the gaps and the order, and never overlaps", () => {
  const rows = layOut(many(60), measure);
  for (let index = 1; index < 60; index += 1) {
    const [before, here] = [boxOf(rows, index - 1), boxOf(rows, index)];
    if (here.top === before.top)
      expect(Math.abs(here.left - before.left - before.width - 10)).toBeLessThanOrEqual(1);
    else expect(here.top).toBe(before.top + before.height + 10);
  }
});

it("keeps every picture's own ratio, to the pixel", () => {
  const ratios = many(60);
  const rows = layOut(ratios, measure);
  for (let index = 0; index < 55; index += 1) {
    const { width, height } = boxOf(rows, index);
    expect(Math.abs(width - ((ratios[index] ?? 1000) * height) / 1000)).toBeLessThan(3);
  }
});

it("makes rows near the height that is wanted", () => {
  const rows = layOut(many(200), measure);
  for (let row = 0; row < rows.rows; row += 1) {
    expect(rows.height[row]).toBeGreaterThan(130);
    expect(rows.height[row]).toBeLessThan(310);
  }
});

it("does not stretch a last row that is not full", () => {
  const rows = layOut([1000, 1000], measure);
  expect(boxOf(rows, 1)).toEqual({ left: 210, top: 0, width: 200, height: 200 });
  expect(rows.total).toBe(200);
});

it("finds rows and what is in view", () => {
  const rows = layOut(many(500), measure);
  for (const row of [0, 1, 7, rows.rows - 1]) expect(rowAt(rows, rows.top[row] ?? 0)).toBe(row);
  expect(rowAt(rows, -50)).toBe(0);
  const { start, end } = visible(rows, 1000, 1600);
  expect(start).toBeGreaterThan(0);
  expect(boxOf(rows, start).top).toBeLessThanOrEqual(1000);
  expect(boxOf(rows, end).top).toBeGreaterThan(1600);
  expect(visible(rows, -900, -100)).toEqual({ start: 0, end: 0 });
  expect(visible(layOut([], measure), 0, 500)).toEqual({ start: 0, end: 0 });
});

it("lays out a large library in no time", () => {
  const begun = performance.now();
  expect(layOut(many(100_000), measure).count).toBe(100_000);
  expect(performance.now() - begun).toBeLessThan(500);
});

it("cuts the ends off a strange shape", () => {
  expect(boxOf(layOut([2], measure), 0).width).toBe(90);
});
