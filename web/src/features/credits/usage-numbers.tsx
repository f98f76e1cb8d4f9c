import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { usageStatsOptions } from "@/api/@tanstack/react-query.gen";
import type { BalanceOut } from "@/api/types.gen";
import {
  formatCredits,
  formatDate,
  formatDollars,
  formatDuration,
  formatNumber,
} from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Skeleton } from "@/ui/skeleton";
import type { Span } from "./usage-search";

type UsageNumbersProps = { span: Span; balance: BalanceOut | undefined };

/** The sums of the days chosen, and what is left to spend. */
export function UsageNumbers({ span, balance }: UsageNumbersProps) {
  const stats = useQuery({
    ...usageStatsOptions({ query: span }),
    placeholderData: keepPreviousData,
  });
  if (stats.isError) {
    return (
      <Alert
        kind="error"
        title="The numbers could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void stats.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(stats.error)}
      </Alert>
    );
  }
  if (!stats.data) {
    return (
      <div role="status" aria-label="Loading the numbers" className={gridStyle}>
        {["a", "b", "c", "d"].map((name) => (
          <Skeleton key={name} className="h-26 rounded-xl" />
        ))}
      </div>
    );
  }
  const { images, generations, failed, credits, average_seconds, provider_cost_usd } = stats.data;
  return (
    <dl className={gridStyle}>
      {balance?.billing ? (
        <Figure name="To spend" value={formatCredits(balance.available)}>
          {left(balance)}
        </Figure>
      ) : null}
      <Figure name={balance?.billing ? "Spent" : "Worth"} value={formatCredits(credits)}>
        {provider_cost_usd === null
          ? balance?.billing === false
            ? "Nothing is charged in this studio"
            : "In the days chosen"
          : `Providers took ${formatDollars(provider_cost_usd)}`}
      </Figure>
      <Figure name="Pictures" value={formatNumber(images)}>
        {`From ${formatNumber(generations)} ${generations === 1 ? "request" : "requests"}`}
      </Figure>
      <Figure
        name="Time for a request"
        value={average_seconds === null ? "–" : formatDuration(average_seconds)}
      >
        On average
      </Figure>
      {balance?.billing ? null : (
        <Figure name="Failed" value={formatNumber(failed)}>
          Failures cost nothing
        </Figure>
      )}
    </dl>
  );
}

const gridStyle = "grid grid-cols-2 gap-3 lg:grid-cols-4";

function left({ reserved, ending }: BalanceOut): string {
  const [soonest] = ending;
  if (soonest) return `${formatCredits(soonest.credits)} until ${formatDate(soonest.expires_at)}`;
  return reserved > 0 ? `${formatCredits(reserved)} reserved` : "Nothing reserved";
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <Card className="grid content-start gap-1 p-4">
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="grid gap-1">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">{value}</span>
        <span className="text-sm text-muted-foreground">{children}</span>
      </dd>
    </Card>
  );
}
