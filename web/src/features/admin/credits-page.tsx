import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Coins } from "lucide-react";
import { useState } from "react";
import { findPursesOptions, listAdjustmentsQueryKey } from "@/api/@tanstack/react-query.gen";
import { listAdjustments } from "@/api/sdk.gen";
import type { AdjustmentOut, PurseOut } from "@/api/types.gen";
import { formatCredits, formatDateTime, formatNumber } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";
import { AdjustDialog } from "./adjust-dialog";

/** Corrections of credits: whose, by how much, why; and what was corrected before. */
export function CreditsPage() {
  usePageTitle("Credits");
  const [chosen, choose] = useState<PurseOut | null>(null);
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-10 p-4 sm:p-6 lg:p-8">
      <Purses onChoose={choose} />
      <Adjustments />
      {chosen ? <AdjustDialog purse={chosen} onClose={() => choose(null)} /> : null}
    </div>
  );
}

function Purses({ onChoose }: { onChoose: (purse: PurseOut) => void }) {
  const [words, setWords] = useState("");
  const found = useQuery({
    ...findPursesOptions({ query: { q: words } }),
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const items = found.data?.items ?? [];
  return (
    <section aria-label="Workspaces" className="grid gap-4">
      <Field label="Find a workspace" help="By its name, or its owner's name or address.">
        {(control) => (
          <Input
            {...control}
            type="search"
            maxLength={200}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      {found.isPending ? (
        <div role="status" aria-label="Looking for workspaces">
          <Skeleton className="h-24 rounded-xl" />
        </div>
      ) : found.isError ? (
        <Alert kind="error" title="The workspaces could not be loaded">
          {reasonOf(found.error)}
        </Alert>
      ) : items.length === 0 ? (
        <p role="status" className="text-muted-foreground">
          No workspace is called that.
        </p>
      ) : (
        <Card>
          <ul aria-label="Workspaces found" className="divide-y">
            {items.map((purse) => (
              <li key={purse.workspace_id} className="flex flex-wrap items-center gap-3 p-4">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-medium wrap-anywhere">{nameOf(purse)}</p>
                  <p className="text-sm wrap-anywhere text-muted-foreground">{purse.owner_email}</p>
                </div>
                <p className="text-sm tabular-nums">
                  {formatCredits(purse.available)}
                  {purse.reserved ? ` and ${formatNumber(purse.reserved)} reserved` : null}
                </p>
                <Button
                  size="sm"
                  variant="secondary"
                  aria-label={`Adjust the credits of ${nameOf(purse)}`}
                  onClick={() => onChoose(purse)}
                >
                  Adjust
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </section>
  );
}

function Adjustments() {
  const list = useInfiniteQuery({
    queryKey: listAdjustmentsQueryKey(),
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) };
      return (await listAdjustments({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    staleTime: 0,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="adjustments" className="grid gap-4">
      <h2 id="adjustments" className="text-lg">
        Adjustments
      </h2>
      {list.isPending ? (
        <div role="status" aria-label="Loading the adjustments">
          <Skeleton className="h-24 rounded-xl" />
        </div>
      ) : list.isError && items.length === 0 ? (
        <Alert
          kind="error"
          title="The adjustments could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(list.error)}
        </Alert>
      ) : items.length === 0 ? (
        <EmptyState icon={Coins} title="Nothing was adjusted yet" className="py-8">
          What administrators give or take stands here with their reasons.
        </EmptyState>
      ) : (
        <Card>
          <ol aria-label="Adjustments" className="divide-y">
            {items.map((one) => (
              <Row key={one.id} adjustment={one} />
            ))}
          </ol>
        </Card>
      )}
      <ShowMore list={list} label="Show earlier" />
    </section>
  );
}

function Row({ adjustment }: { adjustment: AdjustmentOut }) {
  const { amount, available_after, reason, owner_email, by, created_at } = adjustment;
  return (
    <li className="flex items-baseline justify-between gap-4 p-4 text-sm">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">{reason}</p>
        <p className="wrap-anywhere text-muted-foreground">
          {[owner_email ?? "a workspace that is gone", by ? `by ${by}` : ""]
            .filter(Boolean)
            .join(" · ")}
          {" · "}
          <time dateTime={created_at}>{formatDateTime(created_at)}</time>
        </p>
      </div>
      <div className="shrink-0 text-right tabular-nums">
        <p className="font-medium">{(amount > 0 ? "+" : "−") + formatNumber(Math.abs(amount))}</p>
        {available_after === null ? null : (
          <p className="text-muted-foreground">{`${formatCredits(available_after)} left`}</p>
        )}
      </div>
    </li>
  );
}

/** A person's own workspace is called by the person. */
export function nameOf({ kind, name, owner_name }: PurseOut): string {
  return kind === "personal" ? owner_name : `${name} (team)`;
}
