import { expect, it } from "vitest";
import { dayOf, daysOf, isDay, periodOf } from "./days";

it("names periods", () => {
  const today = new Date(2026, 10, 21);
  expect(daysOf("week", today)).toEqual({ from: "2026-11-15" });
  expect(periodOf({ from: "2026-11-15" }, today)).toBe("week");
  expect(periodOf({ from: "2026-11-15", to: "2026-11-16" }, today)).toBe("own");
  expect(periodOf({}, today)).toBe("any");
  expect(periodOf(daysOf("year", today), today)).toBe("year");
  expect(dayOf(today)).toBe("2026-11-21");
  expect([isDay("2026-02-28"), isDay("2026-02-31"), isDay(20260228)]).toEqual([true, false, false]);
});
