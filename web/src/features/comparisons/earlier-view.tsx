import { Link } from "@tanstack/react-router";
import { Scale, Trash2 } from "lucide-react";
import type { ComparisonOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { formatAgo } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { notify } from "@/ui/notify";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";
import { outcomeText, subjectOf, valueText } from "./ab-words";
import { useEarlier, useForget } from "./comparisons";
import { useNamed } from "./judge-stage";

/** All pairs, the newest first. */
export function EarlierView() {
  const list = useEarlier();
  const pairs = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <Skeleton className="h-80 rounded-xl" />;
  if (list.isError && !list.data)
    return (
      <Alert
        kind="error"
        title="The comparisons could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(list.error)}
      </Alert>
    );
  if (pairs.length === 0)
    return (
      <EmptyState icon={Scale} title="No comparisons yet">
        Every pair is kept here with its vote.
      </EmptyState>
    );
  return (
    <div className="grid gap-4">
      <ul aria-label="Comparisons" className="grid gap-2">
        {pairs.map((pair) => (
          <li key={pair.id}>
            <Row pair={pair} />
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </div>
  );
}

function Row({ pair }: { pair: ComparisonOut }) {
  const named = useNamed();
  const mayChange = useMayChange();
  const forgetting = useForget();
  const forget = () =>
    forgetting.mutate(
      { path: { id: pair.id } },
      {
        onError: (error) =>
          notify({ kind: "error", title: "It was not deleted", description: reasonOf(error) }),
      },
    );
  const said = `${subjectOf(pair)}: ${pair.values.map((value) => valueText(value, pair, named)).join(" or ")}`;
  return (
    <div className="flex items-center gap-3 rounded-xl border bg-card p-3">
      {(["left", "right"] as const).map((place) => {
        const { picture } = pair.sides[place];
        return (
          <span key={place} className="size-14 shrink-0 overflow-hidden rounded-lg bg-muted">
            {picture ? (
              <img src={picture} alt="" loading="lazy" className="size-full object-cover" />
            ) : null}
          </span>
        );
      })}
      <div className="min-w-0 flex-1">
        <Link
          to="/ab"
          search={{ pair: pair.id }}
          className="line-clamp-2 font-medium underline-offset-4 hover:underline"
        >
          {said}
        </Link>
        <p className="text-sm text-muted-foreground">
          {stateText(pair, named)} · {formatAgo(pair.created_at)}
        </p>
      </div>
      {mayChange ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Delete the comparison ${said}`}
          title="Delete the comparison; its pictures stay"
          onClick={forget}
        >
          <Trash2 aria-hidden />
        </Button>
      ) : null}
    </div>
  );
}

function stateText(pair: ComparisonOut, named: (id: string) => string): string {
  if (pair.status === "running") return "Being made";
  if (pair.status === "ready") return "Waits for a vote";
  return pair.status === "void" ? (pair.reason ?? "Nothing to judge") : outcomeText(pair, named);
}
