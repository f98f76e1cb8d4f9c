import { expect, it } from "vitest";
import {
  cleared,
  fromWanted,
  narrowedBy,
  narrows,
  readContext,
  readFilter,
  toQuery,
  toWanted,
} from "./image-filter";

it("takes from an address what it knows", () => {
  const search = {
    q: "red fox",
    model: "sketch/sketch-1",
    tags: ["animals", "winter"],
    tags_mode: "any",
    favorite: true,
    rated: true,
    collection_id: "none",
    rating_min: 4,
    aspect: "portrait",
    width_min: 1024,
    project_id: "none",
    from: "2026-11-01",
    sort: "rating",
    order: "asc",
    view: "masonry",
    size: "large",
  };
  expect(readFilter({ ...search, other: 1 })).toEqual(search);
  expect(readContext({ trash: true })).toEqual({ trash: true });
  expect(readFilter({ q: 1984 }).q).toBe("1984");
});

it("drops what makes no sense, by name, so that it leaves the address", () => {
  const filter = readFilter({
    aspect: "round",
    model: {},
    from: "2026-02-31",
    to: "soon",
    order: 1,
    sort: "colour",
    tags: "fox",
    rating_min: 9,
    width_min: -4,
    favorite: "yes",
    project_id: "mine",
    view: "spiral",
  });
  expect(Object.values(filter).every((value) => value === undefined)).toBe(true);
  expect(Object.keys(filter)).toContain("aspect");
});

it("asks the API for whole days of the reader's clock, and for what is narrowed only", () => {
  const query = toQuery({ from: "2026-11-01", to: "2026-11-02", aspect: "square", view: "list" });
  expect(new Date(query.created_from ?? "")).toEqual(new Date(2026, 10, 1));
  expect(new Date(query.created_to ?? "")).toEqual(new Date(2026, 10, 2, 23, 59, 59, 999));
  expect(query.aspect).toBe("square");
  expect(toQuery({})).toEqual({});
  expect(toQuery({ trash: true })).toEqual({ trashed: true });
  expect(toQuery({ sort: "name", order: "asc" })).toEqual({ sort: "name", order: "asc" });
  expect(toWanted({ sort: "name", order: "asc", favorite: false })).toEqual({ favorite: false });
});

it("comes back from what a saved filter keeps", () => {
  const filter = {
    q: "fox",
    tags: ["a"],
    tags_mode: "none",
    from: "2026-11-01",
    rating_min: 3,
  } as const;
  const again = fromWanted(toWanted({ ...filter, tags: ["a"] }) as Record<string, unknown>);
  expect(again).toEqual({ ...filter, tags: ["a"] });
});

it("knows whether pictures are left out, and by what", () => {
  expect(narrows({ order: "asc", view: "list" })).toBe(false);
  expect(narrows({ to: "2026-11-21" })).toBe(true);
  expect(narrowedBy({ tags: ["a"], tags_mode: "any", favorite: false })).toEqual([
    "tags",
    "favorite",
  ]);
  expect(cleared({ q: "x", sort: "name", view: "list" })).toEqual({ sort: "name", view: "list" });
});
