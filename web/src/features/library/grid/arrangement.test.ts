import { expect, it } from "vitest";
import { type Arrangement, arrange, LOOKS, touched } from "./arrangement";

const SHAPES = [1000, 1500, 670, 1780, 560, 1330, 750];
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => SHAPES[(at * 5) % SHAPES.length] ?? 1000);
const every = ({ count }: Arrangement) => Array.from({ length: count }, (_, index) => index);

it.each(LOOKS)("%s: no picture lies over another, none leaves the page", (look) => {
  const arrangement = arrange(many(120), look, "medium", 1000);
  for (const index of every(arrangement)) {
    const box = arrangement.boxOf(index);
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.left + box.width).toBeLessThanOrEqual(1000);
    expect(box.top + box.height).toBeLessThanOrEqual(arrangement.total);
    expect(touched(arrangement, box)).toEqual([index]);
  }
});

it.each(LOOKS)("%s: finds exactly what is in view", (look) => {
  const arrangement = arrange(many(400), look, "small", 700);
  const [from, to] = [arrangement.total / 2, arrangement.total / 2 + 500];
  const seen = new Set(arrangement.visible(from, to));
  for (const index of every(arrangement)) {
    const { top, height } = arrangement.boxOf(index);
    if (top < to && top + height > from) expect(seen.has(index)).toBe(true);
    if (top > to + 1 || top + height < from - 20) expect(seen.has(index)).toBe(false);
  }
  expect(arrangement.visible(-900, -100)).toEqual([]);
  expect(arrange([], look, "small", 700).visible(0, 500)).toEqual([]);
});

it.each(LOOKS)("%s: every picture is reached by keys, and back", (look) => {
  const arrangement = arrange(many(60), look, "medium", 800);
  let index = 0;
  for (let step = 0; step < 60; step += 1) index = arrangement.move(index, "right", 0, 500);
  expect(index).toBe(59);
  expect(arrangement.move(0, "end", 0, 500)).toBe(59);
  const { left, width } = arrangement.boxOf(10);
  const column = left + width / 2;
  const below = arrangement.move(10, "down", column, 500);
  expect(arrangement.boxOf(below).top).toBeGreaterThan(arrangement.boxOf(10).top);
  expect(arrangement.move(below, "up", column, 500)).toBe(10);
  const further = arrangement.move(10, "pageDown", column, 900);
  expect(arrangement.boxOf(further).top).toBeGreaterThan(arrangement.boxOf(10).top + 400);
});

it("keeps the shape of each picture in masonry, and squares in the grid", () => {
  const masonry = arrange([500, 2000, 1000], "masonry", "medium", 1000);
  const { width, height } = masonry.boxOf(1);
  expect(Math.abs(width - 2 * height)).toBeLessThan(3);
  const grid = arrange([500, 2000], "grid", "medium", 1000).boxOf(1);
  expect(Math.abs(grid.width - grid.height)).toBeLessThanOrEqual(1);
});

it("shows more pictures at once the smaller they are, on a phone too", () => {
  for (const width of [288, 343, 1200])
    for (const look of LOOKS) {
      const heights = (["small", "medium", "large"] as const).map(
        (density) => arrange(many(100), look, density, width).total,
      );
      expect(heights).toEqual([...heights].sort((a, b) => a - b));
    }
});
