/** Filters in words. */
import { formatDate, formatNumber } from "@/lib/format";
import { startOf } from "../days";
import type { Bound } from "../image-filter";

export const formatDay = (day: string): string => formatDate(startOf(day));

export function formatPixels(bound: Bound, pixels: number): string {
  const [side, end] = bound.split("_");
  const name = side === "width" ? "Width" : "Height";
  return `${name} ${end === "min" ? "from" : "up to"} ${formatNumber(pixels)} px`;
}
