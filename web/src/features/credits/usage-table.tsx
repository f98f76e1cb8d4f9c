import { useMutation } from "@tanstack/react-query";
import { BarChart3, Download } from "lucide-react";
import { useState } from "react";
import { formatCredits, formatDollars, formatDuration, formatNumber } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Collapsible } from "@/ui/collapsible";
import { EmptyState } from "@/ui/empty-state";
import { notify } from "@/ui/notify";
import { Skeleton } from "@/ui/skeleton";
import { ToggleGroup } from "@/ui/toggle-group";
import { type Measure, UsageChart } from "./usage-chart";
import { saveCsv, type UsageRow, useUsageRows } from "./usage-rows";
import { daysIn, GROUP_NAMES, GROUPS, type Group, MOST_DAYS, type Span } from "./usage-search";

const MEASURES = [
  { value: "credits", label: "Credits" },
  { value: "images", label: "Pictures" },
] as const;

type UsageRowsProps = {
  /** What is charted until someone chooses. */
  first: Measure;
  span: Span;
  by: Group | undefined;
  onBy: (by: Group) => void;
};

/** The days chosen, taken apart by day, month, model, kind or project. */
export function UsageRows({ first, span, by, onBy }: UsageRowsProps) {
  const [chosen, setMeasure] = useState<Measure>();
  const measure = chosen ?? first;
  const tooLong = daysIn(span) > MOST_DAYS;
  const group = tooLong && (by ?? "day") === "day" ? "month" : (by ?? "day");
  const saving = useMutation({
    mutationFn: () => saveCsv(group, span),
    onError: (error) =>
      notify({ kind: "error", title: "It could not be saved", description: reasonOf(error) }),
  });
  const groups = GROUPS.filter((each) => !(tooLong && each === "day"));
  return (
    <section aria-labelledby="usage-rows" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="usage-rows" className="text-lg">
          What it went into
        </h2>
        <Button
          size="sm"
          variant="secondary"
          working={saving.isPending && "Saving…"}
          onClick={() => saving.mutate()}
        >
          <Download aria-hidden /> CSV
        </Button>
      </div>
      <div className="flex flex-wrap justify-between gap-3">
        <div className="-mx-1 max-w-full overflow-x-auto px-1">
          <ToggleGroup
            aria-label="Show by"
            choices={groups.map((value) => ({ value, label: GROUP_NAMES[value] }))}
            value={group}
            onChange={onBy}
          />
        </div>
        {group === "day" || group === "month" ? (
          <ToggleGroup
            aria-label="Measure"
            choices={MEASURES}
            value={measure}
            onChange={setMeasure}
          />
        ) : null}
      </div>
      <Card className="p-4 sm:p-6">
        <Shown span={span} group={group} measure={measure} />
      </Card>
    </section>
  );
}

function Shown({ span, group, measure }: { span: Span; group: Group; measure: Measure }) {
  const rows = useUsageRows(group, span);
  if (rows.isError) {
    return (
      <Alert
        kind="error"
        title="The usage could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void rows.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(rows.error)}
      </Alert>
    );
  }
  if (!rows.data) {
    return (
      <div role="status" aria-label="Loading the usage">
        <Skeleton className="h-64" />
      </div>
    );
  }
  if (!rows.data.some(({ generations }) => generations > 0)) {
    return (
      <EmptyState icon={BarChart3} title="Nothing was made in these days" className="py-8">
        Every request that ends is counted here, with its time and what it cost.
      </EmptyState>
    );
  }
  if (group !== "day" && group !== "month") return <Table rows={rows.data} group={group} />;
  const used = rows.data.filter(({ generations }) => generations > 0);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <UsageChart
        rows={rows.data}
        measure={measure}
        label={`${measure === "credits" ? "Credits" : "Pictures"} by ${group}; the table below has the numbers.`}
      />
      <Collapsible title="The numbers as a table">
        <Table rows={used} group={group} />
      </Collapsible>
    </div>
  );
}

const cellStyle = "px-2 py-2 text-right whitespace-nowrap tabular-nums first:pl-0 last:pr-0";

function Table({ rows, group }: { rows: readonly UsageRow[]; group: Group }) {
  const most = Math.max(...rows.map(({ credits }) => credits));
  const paid = rows.some(({ provider_cost_usd }) => provider_cost_usd !== null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="overflow-x-auto" aria-label="Usage as a table" tabIndex={0}>
      <table className="w-full min-w-md text-sm">
        <thead className="border-b text-muted-foreground">
          <tr>
            <th scope="col" className="py-2 pr-2 text-left font-medium">
              {GROUP_NAMES[group].replace(/s$/, "")}
            </th>
            {["Requests", "Failed", "Pictures", "Time", "Credits"].map((name) => (
              <th key={name} scope="col" className={`${cellStyle} font-medium`}>
                {name}
              </th>
            ))}
            {paid ? (
              <th scope="col" className={`${cellStyle} font-medium`}>
                Providers
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="max-w-56 py-2 pr-2 text-left font-normal">
                <span className="block truncate" title={row.label}>
                  {row.label}
                </span>
                <span
                  aria-hidden
                  style={{ width: `${most > 0 ? (row.credits / most) * 100 : 0}%` }}
                  className="mt-1 block h-1 rounded-full bg-primary"
                />
              </th>
              <td className={cellStyle}>{formatNumber(row.generations)}</td>
              <td className={cellStyle}>{formatNumber(row.failed)}</td>
              <td className={cellStyle}>{formatNumber(row.images)}</td>
              <td className={cellStyle}>{formatDuration(row.seconds)}</td>
              <td className={cellStyle}>{formatCredits(row.credits)}</td>
              {paid ? (
                <td className={cellStyle}>
                  {row.provider_cost_usd === null ? "–" : formatDollars(row.provider_cost_usd)}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
