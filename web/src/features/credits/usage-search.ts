/** What the usage page shows, as it stands in the address. */

export const GROUPS = ["day", "month", "model", "action", "project"] as const;
export type Group = (typeof GROUPS)[number];
export const GROUP_NAMES: Record<Group, string> = {
  day: "Days",
  month: "Months",
  model: "Models",
  action: "Kinds",
  project: "Projects",
};

export type UsageSearch = {
  /** Days of UTC as "2026-01-31", both included. */
  from?: string;
  to?: string;
  by?: Group;
};

export type Span = { from: string; to: string };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** More days than this are shown as months. */
export const MOST_DAYS = 366;

export function readUsageSearch({ from, to, by }: Record<string, unknown>): UsageSearch {
  const group = GROUPS.find((each) => each === by);
  return {
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
    ...(group ? { by: group } : {}),
  };
}

/** The days to ask for: the last thirty, unless the address says otherwise. */
export function spanOf({ from, to }: UsageSearch, today = new Date()): Span {
  const last = to ?? iso(today);
  const first = from ?? iso(new Date(Date.parse(last) - 29 * DAY_MS));
  return first <= last ? { from: first, to: last } : { from: last, to: first };
}

export function daysIn({ from, to }: Span): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The last so many days, as a search. */
export function lastDays(days: number, today = new Date()): UsageSearch {
  return { from: iso(new Date(today.getTime() - (days - 1) * DAY_MS)), to: iso(today) };
}

function iso(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));
}
