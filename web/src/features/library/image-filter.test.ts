import { expect, it } from "vitest";
import { dayOf, daysOf, narrows, periodOf, readContext, readFilter, toQuery } from "./image-filter";

it("takes from an address what it knows", () => {
  const search = { aspect: "portrait", model: "sketch/sketch-1", from: "2026-11-01", order: "asc" };
  expect(readFilter({ ...search, other: 1 })).toEqual(search);
  expect(readContext({ trash: true })).toEqual({ trash: true });
});

it("drops what makes no sense, by name, so that it leaves the address", () => {
  const filter = readFilter({
    aspect: "round",
    model: 7,
    from: "2026-02-31",
    to: "soon",
    order: 1,
  });
  expect(Object.keys(filter)).toEqual(["aspect", "model", "from", "to", "order", "view", "size"]);
  expect(Object.values(filter).every((value) => value === undefined)).toBe(true);
});

it("asks the API for whole days of the reader's clock", () => {
  const query = toQuery({ from: "2026-11-01", to: "2026-11-02", aspect: "square" });
  expect(new Date(query.created_from ?? "")).toEqual(new Date(2026, 10, 1));
  expect(new Date(query.created_to ?? "")).toEqual(new Date(2026, 10, 2, 23, 59, 59, 999));
  expect(query.aspect).toBe("square");
  expect(toQuery({})).toEqual({});
  expect(toQuery({ trash: true })).toEqual({ trashed: true });
});

it("names periods", () => {
  const today = new Date(2026, 10, 21);
  expect(daysOf("week", today)).toEqual({ from: "2026-11-15" });
  expect(periodOf({ from: "2026-11-15" }, today)).toBe("week");
  expect(periodOf({ from: "2026-11-15", to: "2026-11-16" }, today)).toBe("own");
  expect(periodOf({}, today)).toBe("any");
  expect(periodOf(daysOf("year", today), today)).toBe("year");
  expect(dayOf(today)).toBe("2026-11-21");
});

it("knows whether pictures are left out", () => {
  expect(narrows({ order: "asc" })).toBe(false);
  expect(narrows({ to: "2026-11-21" })).toBe(true);
});
