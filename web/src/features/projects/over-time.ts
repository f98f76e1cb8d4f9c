/** A project over time as the chart takes it: every day or month between the first and the last, empty ones too. */
import type { AnalyticsOut } from "@/api/types.gen";
import type { ChartRow } from "@/features/credits/usage-chart";

const MOST = 100;

export function rowsOverTime(
  groups: AnalyticsOut["over_time"],
  step: AnalyticsOut["step"],
  locale?: string,
): ChartRow[] {
  const [first] = groups;
  const last = groups.at(-1);
  if (!first || !last) return [];
  const known = new Map(groups.map((group) => [group.of, group]));
  const words = new Intl.DateTimeFormat(
    locale,
    step === "day"
      ? { dateStyle: "medium", timeZone: "UTC" }
      : { month: "long", year: "numeric", timeZone: "UTC" },
  );
  const rows = [];
  const at = new Date(`${last.of}T00:00:00Z`);
  for (let count = 0; count < MOST; count += 1) {
    const key = at.toISOString().slice(0, 10);
    if (key < first.of) break;
    const { images = 0, credits = 0 } = known.get(key) ?? {};
    rows.unshift({ key, label: words.format(at), images, credits });
    if (step === "day") at.setUTCDate(at.getUTCDate() - 1);
    else at.setUTCMonth(at.getUTCMonth() - 1);
  }
  return rows;
}
