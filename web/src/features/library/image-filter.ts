/** Which pictures a list shows: what stands in the address, and what the API is asked. */
import type { ListImagesData } from "@/api/types.gen";
import type { Density, Look } from "./grid/arrangement";
import { readView } from "./grid/view";

export const ASPECTS = ["square", "landscape", "portrait"] as const;
export type Aspect = (typeof ASPECTS)[number];

/** As in the address: `/images?aspect=portrait&from=2026-11-01&order=asc`. Days are those of the reader's clock. */
export type ImageFilter = {
  aspect?: Aspect | undefined;
  model?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  order?: "asc" | undefined;
  /** How the pictures look, where that is not as last chosen. */
  view?: Look | undefined;
  size?: Density | undefined;
};

/** The list that a picture was opened from: a filter of the library, or the trash. */
export type ImageContext = ImageFilter & { trash?: true | undefined };

export type ListQuery = Omit<NonNullable<ListImagesData["query"]>, "limit" | "cursor" | "count">;

/** Takes from an address what it knows, and drops the rest. */
export function readFilter(search: Record<string, unknown>): ImageFilter {
  const { aspect, model, from, to, order } = search;
  // What is not named here would be kept as it stands in the address.
  return {
    aspect: ASPECTS.find((name) => name === aspect),
    model: typeof model === "string" && model !== "" && model.length <= 200 ? model : undefined,
    from: isDay(from) ? from : undefined,
    to: isDay(to) ? to : undefined,
    order: order === "asc" ? order : undefined,
    ...readView(search),
  };
}

export function readContext(search: Record<string, unknown>): ImageContext {
  return { ...readFilter(search), trash: search.trash === true ? true : undefined };
}

/** Whether the filter leaves pictures out. */
export function narrows({ aspect, model, from, to }: ImageFilter): boolean {
  return Boolean(aspect || model || from || to);
}

export function toQuery({ aspect, model, from, to, order, trash }: ImageContext): ListQuery {
  return {
    ...(aspect && { aspect }),
    ...(model && { model }),
    ...(from && { created_from: startOf(from).toISOString() }),
    ...(to && { created_to: endOf(to).toISOString() }),
    ...(order && { order }),
    ...(trash && { trashed: true }),
  };
}

/** "2026-11-21" in the reader's time zone. */
export function dayOf(date: Date): string {
  const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
}

export type Period = "any" | "today" | "week" | "month" | "year" | "own";

const pad = (value: number) => String(value).padStart(2, "0");

/** The days of a period that ends today. */
export function daysOf(period: Period, today = new Date()): Pick<ImageFilter, "from" | "to"> {
  const first = new Date(today);
  if (period === "week") first.setDate(first.getDate() - 6);
  if (period === "month") first.setDate(first.getDate() - 29);
  if (period === "year") first.setMonth(0, 1);
  return period === "any" || period === "own" ? {} : { from: dayOf(first) };
}

/** The period that a filter's days mean. */
export function periodOf({ from, to }: ImageFilter, today = new Date()): Period {
  if (!from && !to) return "any";
  const named = (["today", "week", "month", "year"] as const).find(
    (period) => daysOf(period, today).from === from,
  );
  return named && !to ? named : "own";
}

function isDay(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = startOf(value);
  return !Number.isNaN(date.getTime()) && dayOf(date) === value;
}

function startOf(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

function endOf(day: string): Date {
  return new Date(`${day}T23:59:59.999`);
}
