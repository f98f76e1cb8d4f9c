import { expect, it } from "vitest";
import { readSearch, toFilter } from "./history-search";

it("reads the address with suspicion", () => {
  expect(readSearch({ q: "  fox ", status: "failed", model: "a/b", after: "2026-01-31" })).toEqual({
    q: "fox",
    status: "failed",
    model: "a/b",
    after: "2026-01-31",
  });
  expect(readSearch({ q: 42, status: "done", after: "yesterday", before: "2026-13-77" })).toEqual({
    q: "42",
  });
});

it("asks for whole days", () => {
  const { created_from, created_to } = toFilter({ after: "2026-01-30", before: "2026-01-31" });
  const hours = (Date.parse(created_to ?? "") - Date.parse(created_from ?? "")) / 3_600_000;
  expect(hours).toBeCloseTo(48, 2);
  expect(toFilter({})).toEqual({});
});
