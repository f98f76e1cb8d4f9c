/** The filters of the history, as they stand in the address. */
import type { GenerationOut } from "@/api/types.gen";
import type { FeedFilter } from "./feed";

export const STATUSES = ["pending", "processing", "completed", "failed", "cancelled"] as const;
export type Status = GenerationOut["status"];

export const STATUS_NAMES: Record<Status, string> = {
  pending: "Queued",
  processing: "Drawing",
  completed: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
};

export type HistorySearch = {
  q?: string;
  status?: Status;
  model?: string;
  /** Days, as "2026-01-31", both included. */
  after?: string;
  before?: string;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readSearch(search: Record<string, unknown>): HistorySearch {
  const { status, after, before } = search;
  const known = STATUSES.find((each) => each === status);
  const q = text(search.q, 200);
  const model = text(search.model, 200);
  return {
    ...(q ? { q } : {}),
    ...(known ? { status: known } : {}),
    ...(model ? { model } : {}),
    ...(isDay(after) ? { after } : {}),
    ...(isDay(before) ? { before } : {}),
  };
}

/** What to ask the server for: days begin and end in the reader's own time. */
export function toFilter({ q, status, model, after, before }: HistorySearch): FeedFilter {
  return {
    ...(q ? { q } : {}),
    ...(status ? { status } : {}),
    ...(model ? { model } : {}),
    ...(after ? { created_from: new Date(`${after}T00:00:00`).toISOString() } : {}),
    ...(before ? { created_to: new Date(`${before}T23:59:59.999`).toISOString() } : {}),
  };
}

function text(value: unknown, longest: number): string {
  const plain = typeof value === "number" ? String(value) : value;
  return typeof plain === "string" ? plain.trim().slice(0, longest) : "";
}

function isDay(value: unknown): value is string {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));
}
