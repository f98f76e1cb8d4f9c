import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { userStatsOptions } from "@/api/@tanstack/react-query.gen";
import type { ActiveDay, PersonalStats } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { formatBytes, formatCount, formatCredits, formatDate, formatNumber } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Skeleton } from "@/ui/skeleton";

/** What someone made in the workspace they are in, and on which of the last days. */
export function YourNumbers() {
  const id = useId();
  const stats = useQuery({ ...userStatsOptions(), staleTime: 0 });
  return (
    <section aria-labelledby={id}>
      <Card className="grid gap-5 p-4 sm:p-6">
        <div>
          <h2 id={id} className="text-lg">
            Your numbers
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            What you made in this workspace, and what it takes.
          </p>
        </div>
        {stats.isError ? (
          <Alert
            kind="error"
            title="Your numbers could not be loaded"
            action={
              <Button size="sm" variant="secondary" onClick={() => void stats.refetch()}>
                Try again
              </Button>
            }
          >
            {reasonOf(stats.error)}
          </Alert>
        ) : stats.data ? (
          <>
            <Figures stats={stats.data} />
            <Days days={stats.data.days} />
          </>
        ) : (
          <div role="status" aria-label="Loading your numbers" className="grid gap-5">
            <Skeleton className="h-12" />
            <Skeleton className="h-16" />
          </div>
        )}
      </Card>
    </section>
  );
}

function Figures({ stats }: { stats: PersonalStats }) {
  const figures = [
    ["Pictures", formatNumber(stats.images)],
    ["Storage", formatBytes(stats.storage_bytes)],
    [stats.billing ? "Spent" : "Worth", formatCredits(stats.credits_used)],
    ["Favourite model", stats.favourite_model_name ?? "None yet"],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
      {figures.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-sm text-muted-foreground">{name}</dt>
          <dd className="mt-1 truncate text-lg font-semibold tabular-nums" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Days({ days }: { days: readonly ActiveDay[] }) {
  const most = Math.max(...days.map(({ images }) => images), 1);
  const active = days.filter(({ images }) => images > 0);
  const sum = active.reduce((total, { images }) => total + images, 0);
  const words =
    sum === 0
      ? `No pictures in the last ${days.length} days`
      : `${formatCount(sum, "picture")} on ${formatCount(active.length, "day")} of the last ${days.length}`;
  return (
    <figure className="grid gap-2">
      <div role="img" aria-label={words} className="flex h-16 items-end gap-0.5 sm:gap-1">
        {days.map(({ day, images }) => (
          <div
            key={day}
            title={`${formatDate(`${day}T12:00`)}: ${formatCount(images, "picture")}`}
            className="flex h-full min-w-0 flex-1 items-end"
          >
            <div
              style={{ height: `${(images / most) * 100}%` }}
              className={cn("min-h-0.5 w-full rounded-sm", images > 0 ? "bg-primary" : "bg-border")}
            />
          </div>
        ))}
      </div>
      <figcaption className="text-sm text-muted-foreground">{words}</figcaption>
    </figure>
  );
}
