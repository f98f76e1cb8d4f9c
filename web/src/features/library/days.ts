/** Days of the reader's clock, as filters name them: "2026-11-21". */
export type Period = "any" | "today" | "week" | "month" | "year" | "own";

type Days = { from?: string | undefined; to?: string | undefined };

const pad = (value: number) => String(value).padStart(2, "0");

/** "2026-11-21" in the reader's time zone. */
export function dayOf(date: Date): string {
  const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
}

/** The days of a period that ends today. */
export function daysOf(period: Period, today = new Date()): Days {
  const first = new Date(today);
  if (period === "week") first.setDate(first.getDate() - 6);
  if (period === "month") first.setDate(first.getDate() - 29);
  if (period === "year") first.setMonth(0, 1);
  return period === "any" || period === "own" ? {} : { from: dayOf(first) };
}

/** The period that days mean. */
export function periodOf({ from, to }: Days, today = new Date()): Period {
  if (!from && !to) return "any";
  const named = (["today", "week", "month", "year"] as const).find(
    (period) => daysOf(period, today).from === from,
  );
  return named && !to ? named : "own";
}

export function isDay(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = startOf(value);
  return !Number.isNaN(date.getTime()) && dayOf(date) === value;
}

export function startOf(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

export function endOf(day: string): Date {
  return new Date(`${day}T23:59:59.999`);
}
