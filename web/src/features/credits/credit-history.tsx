import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ReceiptText } from "lucide-react";
import { listCredits } from "@/api/sdk.gen";
import type { MovementOut } from "@/api/types.gen";
import { formatCredits, formatDateTime, formatNumber } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { useStudioEvent } from "@/lib/studio-events";
import { Alert } from "@/ui/alert";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";

const KEY = ["credit-history"];
const history = infiniteQueryOptions({
  queryKey: KEY,
  queryFn: async ({ pageParam, signal }) => {
    const query = { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) };
    return (await listCredits({ query, signal, throwOnError: true })).data;
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

const CAUSES: Record<MovementOut["cause"], string> = {
  grant: "Given",
  reserve: "Reserved",
  capture: "Charged",
  release: "Given back",
  purchase: "Bought",
  refund: "Paid back",
  expiry: "Ended",
  adjustment: "Adjusted",
};

/** Every movement of the workspace's credits, newest first. */
export function CreditHistory() {
  const client = useQueryClient();
  const found = useInfiniteQuery(history);
  useStudioEvent("credits.changed", () => void client.invalidateQueries({ queryKey: KEY }));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="credit-history" className="grid gap-4">
      <h2 id="credit-history" className="text-lg">
        Credits in and out
      </h2>
      <Card className="p-4 sm:px-6">
        {found.isPending ? (
          <div role="status" aria-label="Loading the history of credits">
            <Skeleton className="h-40" />
          </div>
        ) : found.isError && items.length === 0 ? (
          <Alert kind="error" title="The history could not be loaded">
            {reasonOf(found.error)}
          </Alert>
        ) : items.length === 0 ? (
          <EmptyState icon={ReceiptText} title="No credits moved yet" className="py-8">
            What is given, charged and given back will stand here.
          </EmptyState>
        ) : (
          <ol className="divide-y">
            {items.map((movement) => (
              <Row key={movement.id} movement={movement} />
            ))}
          </ol>
        )}
        <ShowMore list={found} className="pt-4" />
      </Card>
    </section>
  );
}

function Row({ movement }: { movement: MovementOut }) {
  const { cause, available, reserved, available_after, reason, generation_id } = movement;
  // What is charged left when it was reserved; what moves here is the part that comes back.
  const charged = cause === "capture" ? ` ${formatNumber(-available - reserved)}` : "";
  return (
    <li className="flex items-baseline justify-between gap-4 py-3 text-sm">
      <div className="min-w-0">
        <p className="font-medium">
          {CAUSES[cause] + charged}
          {reason ? <span className="font-normal">{`: ${reason}`}</span> : null}
          {generation_id ? (
            <>
              {" "}
              <Link
                to="/generate"
                search={{ generation: generation_id }}
                className="font-normal text-primary-text underline-offset-4 hover:underline"
              >
                Its settings
              </Link>
            </>
          ) : null}
        </p>
        <p className="text-muted-foreground">{formatDateTime(movement.created_at)}</p>
      </div>
      <div className="shrink-0 text-right tabular-nums">
        <p className="font-medium">{available === 0 ? "As reserved" : signed(available)}</p>
        {available_after === null ? null : (
          <p className="text-muted-foreground">{`${formatCredits(available_after)} left`}</p>
        )}
      </div>
    </li>
  );
}

/** 2 → "+2", -0.5 → "−0.5". */
function signed(change: number): string {
  return (change > 0 ? "+" : "−") + formatNumber(Math.abs(change));
}
