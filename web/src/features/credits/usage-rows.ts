/** Use by day, month, model, kind or project: the answers of the server as rows of one shape. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { client } from "@/api/client.gen";
import {
  usageByAction,
  usageByModel,
  usageByProject,
  usageDaily,
  usageMonthly,
} from "@/api/sdk.gen";
import type { DayUsage } from "@/api/types.gen";
import { useStudioEvent } from "@/lib/studio-events";
import type { Group, Span } from "./usage-search";

export type UsageRow = Omit<DayUsage, "day"> & { key: string; label: string };

const ROWS = "usage-rows";
const PATHS: Record<Group, string> = {
  day: "daily",
  month: "monthly",
  model: "by-model",
  action: "by-action",
  project: "by-project",
};

export function useUsageRows(by: Group, span: Span) {
  return useQuery({
    queryKey: [ROWS, by, span],
    queryFn: ({ signal }) => fetchRows(by, span, signal),
    placeholderData: (rows, query) => (query?.queryKey[1] === by ? rows : undefined),
  });
}

/** Adds up again when a generation ends, while the component is there. */
export function useFollowedUsage() {
  const client = useQueryClient();
  const refresh = () => {
    const shown = [ROWS, { _id: "usageStats" }, { _id: "usageTips" }, { _id: "getLimits" }];
    for (const first of shown) void client.invalidateQueries({ queryKey: [first] });
  };
  useStudioEvent("generation.completed", refresh);
  useStudioEvent("generation.failed", refresh);
}

/** Saves the same rows as a table for spreadsheets. Not a plain link: the request must say in which workspace. */
export async function saveCsv(by: Group, span: Span): Promise<void> {
  const { data } = await client.get<Blob, unknown, true>({
    url: `/api/usage/${PATHS[by]}`,
    query: { ...span, format: "csv" },
    parseAs: "blob",
    throwOnError: true,
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data as Blob);
  link.download = `usage-${PATHS[by]}-${span.from}-${span.to}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function fetchRows(by: Group, span: Span, signal: AbortSignal): Promise<UsageRow[]> {
  const wanted = { query: span, signal, throwOnError: true } as const;
  switch (by) {
    case "day": {
      const { data } = await usageDaily(wanted);
      return data.items.map((row) => ({ ...row, key: row.day, label: dayText(row.day) }));
    }
    case "month": {
      const { data } = await usageMonthly(wanted);
      return data.items.map((row) => ({ ...row, key: row.month, label: monthText(row.month) }));
    }
    case "model": {
      const { data } = await usageByModel(wanted);
      return data.items.map((row) => ({ ...row, key: row.model, label: row.name }));
    }
    case "action": {
      const { data } = await usageByAction(wanted);
      return data.items.map((row) => ({ ...row, key: row.action, label: actionText(row.action) }));
    }
    case "project": {
      const { data } = await usageByProject(wanted);
      return data.items.map((row) => ({
        ...row,
        key: row.project_id ?? "none",
        label: row.project_id ?? "In no project",
      }));
    }
  }
}

/** "text-to-image" → "Text to image". */
function actionText(action: string): string {
  const words = action.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function dayText(day: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(day),
  );
}

function monthText(month: string): string {
  return new Intl.DateTimeFormat(undefined, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(month));
}
