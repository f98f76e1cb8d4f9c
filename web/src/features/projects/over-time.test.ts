import { expect, test } from "vitest";
import { rowsOverTime } from "./over-time";

const group = (of: string, images: number) => ({ of, images, credits: 0 });

test("Days without pictures are columns too", () => {
  const rows = rowsOverTime([group("2026-01-30", 2), group("2026-02-02", 1)], "day", "en");
  expect(rows.map(({ label, images }) => [label, images])).toEqual([
    ["Jan 30, 2026", 2],
    ["Jan 31, 2026", 0],
    ["Feb 1, 2026", 0],
    ["Feb 2, 2026", 1],
  ]);
});

test("Months are counted across the turn of a year", () => {
  const rows = rowsOverTime([group("2025-11-01", 2), group("2026-01-01", 1)], "month", "en");
  expect(rows.map(({ label }) => label)).toEqual([
    "November 2025",
    "December 2025",
    "January 2026",
  ]);
  expect(rowsOverTime([], "day")).toEqual([]);
});
