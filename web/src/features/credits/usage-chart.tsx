import { useState } from "react";
import { cn } from "@/lib/cn";
import { formatCount, formatCredits, formatNumber } from "@/lib/format";
import type { UsageRow } from "./usage-rows";

export type Measure = "credits" | "images";

export type ChartRow = Pick<UsageRow, "key" | "label" | Measure>;

type UsageChartProps = { rows: readonly ChartRow[]; measure: Measure; label: string };

/** A column for each day or month. The table below it says the same in words, so this is one picture to readers. */
export function UsageChart({ rows, measure, label }: UsageChartProps) {
  const [pointed, point] = useState<string | null>(null);
  const top = niceTop(Math.max(...rows.map((row) => row[measure]), 0));
  const shown = rows.find(({ key }) => key === pointed);
  const sum = rows.reduce((total, row) => total + row[measure], 0);
  return (
    <figure className="grid gap-2">
      <figcaption className="flex min-h-5 justify-between gap-4 text-sm text-muted-foreground">
        {shown ? (
          <span className="font-medium text-foreground">{`${shown.label}: ${textOf(shown[measure], measure)}`}</span>
        ) : (
          <span>{`${textOf(sum, measure)} in all`}</span>
        )}
      </figcaption>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
        <div
          aria-hidden
          className="flex h-52 flex-col justify-between text-right text-xs text-muted-foreground tabular-nums"
        >
          {[top, top / 2, 0].map((value) => (
            <span key={value} className="-my-2 leading-4">
              {formatNumber(value)}
            </span>
          ))}
        </div>
        <div
          role="img"
          aria-label={label}
          className={cn(
            "relative flex h-52 items-end border-b bg-[linear-gradient(var(--border)_1px,transparent_1px)] bg-size-[100%_50%]",
            rows.length > 60 ? "gap-0" : rows.length > 14 ? "gap-0.5 sm:gap-1" : "gap-2",
          )}
          onPointerLeave={() => point(null)}
        >
          {rows.map((row) => (
            <div
              key={row.key}
              onPointerEnter={() => point(row.key)}
              className="group flex h-full min-w-0 flex-1 items-end justify-center"
            >
              <div
                style={{ height: `${top > 0 ? (row[measure] / top) * 100 : 0}%` }}
                className={cn(
                  "w-full max-w-10 rounded-t-sm bg-primary transition-[height,background-color] duration-200 ease-studio group-hover:bg-highlight",
                  row[measure] > 0 && "min-h-0.5",
                )}
              />
            </div>
          ))}
        </div>
        <div
          aria-hidden
          className="col-start-2 flex justify-between pt-1 text-xs text-muted-foreground"
        >
          <span>{rows[0]?.label}</span>
          {rows.length > 1 ? <span>{rows.at(-1)?.label}</span> : null}
        </div>
      </div>
    </figure>
  );
}

export function textOf(value: number, measure: Measure): string {
  return measure === "credits" ? formatCredits(value) : formatCount(value, "picture");
}

/** The next of 1, 2, 5, 10, 20, … at or above the highest column. */
export function niceTop(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((each) => each * power >= highest) ?? 10;
  return Number((step * power).toPrecision(3));
}
