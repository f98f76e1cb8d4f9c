import { useModelName } from "@/features/catalogue/models";
import { UsageChart } from "@/features/credits/usage-chart";
import { formatBytes, formatCount, formatCredits, formatNumber } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Skeleton } from "@/ui/skeleton";
import { rowsOverTime } from "./over-time";
import { useAnalytics } from "./projects";

/** What a project's pictures add up to. */
export function ProjectAnalytics({ id }: { id: string }) {
  const found = useAnalytics(id);
  if (found.isPending) {
    return (
      <div role="status" aria-label="Loading the numbers" className="grid gap-4">
        <Skeleton className="h-24 rounded-xl" />
        <Skeleton className="h-64 rounded-xl" />
      </div>
    );
  }
  if (found.isError) {
    return (
      <Alert
        kind="error"
        title="The numbers could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void found.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(found.error)}
      </Alert>
    );
  }
  const { images, favorites, bytes, credits, by_model, by_operation, step, over_time } = found.data;
  if (images === 0)
    return <p className="text-muted-foreground">There are no pictures in it yet to count.</p>;
  return (
    <div className="grid gap-6">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Pictures" value={formatNumber(images)} />
        <Figure name="Favourites" value={formatNumber(favorites)} />
        <Figure name="Cost" value={formatCredits(credits)} />
        <Figure name="Storage" value={formatBytes(bytes)} />
      </dl>
      <Card className="p-5">
        <h3 className="mb-4 text-base">Over time</h3>
        <UsageChart
          rows={rowsOverTime(over_time, step)}
          measure="images"
          label={`Pictures for each ${step}: ${formatCount(images, "picture")} in all`}
        />
      </Card>
      <div className="grid gap-6 lg:grid-cols-2">
        <Bars title="Models" groups={by_model} named />
        <Bars title="How they were made" groups={by_operation} />
      </div>
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Card className="grid gap-1 p-4">
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="text-xl font-semibold tracking-tight tabular-nums">{value}</dd>
    </Card>
  );
}

type Group = { of: string; images: number; credits: number };

/** A bar for each, as long as its share; the words beside it say the same. */
function Bars({
  title,
  groups,
  named = false,
}: {
  title: string;
  groups: Group[];
  named?: boolean;
}) {
  const most = Math.max(...groups.map(({ images }) => images), 1);
  return (
    <Card className="p-5">
      <h3 className="mb-4 text-base">{title}</h3>
      <ul className="grid gap-3">
        {groups.map((group) => (
          <li key={group.of} className="grid gap-1.5 text-sm">
            <span className="flex justify-between gap-4">
              <span className="truncate">
                {named ? <ModelName id={group.of} /> : spoken(group.of)}
              </span>
              <span className="shrink-0 text-muted-foreground tabular-nums">
                {formatCount(group.images, "picture")}
                {group.credits > 0 ? ` · ${formatCredits(group.credits)}` : null}
              </span>
            </span>
            <span aria-hidden className="h-1.5 rounded-full bg-muted">
              <span
                className="block h-full rounded-full bg-primary"
                style={{ width: `${(group.images / most) * 100}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function ModelName({ id }: { id: string }) {
  return useModelName(id);
}

/** "text-to-image" → "Text to image". */
const spoken = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
