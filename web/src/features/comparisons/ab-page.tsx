import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { cn } from "@/lib/cn";
import { usePageTitle } from "@/lib/page-title";
import { Skeleton } from "@/ui/skeleton";
import type { AbSearch, AbView } from "./ab-search";
import { useComparisonEvents } from "./comparisons";
import { JudgeView } from "./judge-view";

const AskForm = lazy(() => import("./ask-form").then((module) => ({ default: module.AskForm })));
const EarlierView = lazy(() =>
  import("./earlier-view").then((module) => ({ default: module.EarlierView })),
);
const WinsView = lazy(() => import("./wins-view").then((module) => ({ default: module.WinsView })));

const VIEWS: readonly { view: AbView | undefined; label: string }[] = [
  { view: undefined, label: "Judge" },
  { view: "new", label: "New comparison" },
  { view: "earlier", label: "Earlier" },
  { view: "wins", label: "What wins" },
];

type AbPageProps = { search: AbSearch; onSearch: (search: AbSearch) => void };

/** Two pictures that differ in one thing, and which is better. */
export function AbPage({ search, onSearch }: AbPageProps) {
  usePageTitle("A/B");
  useComparisonEvents();
  const { view, pair } = search;
  return (
    <div className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)] gap-5 p-4 sm:p-6">
      <nav aria-label="A/B" className="flex gap-1 overflow-x-auto border-b">
        {VIEWS.map(({ view: to, label }) => (
          <Link
            key={label}
            to="/ab"
            search={{ view: to }}
            aria-current={to === view ? "page" : undefined}
            activeOptions={{ exact: true }}
            className={cn(
              "grid h-10 place-items-center rounded-t-lg border-b-2 px-3 text-sm font-medium whitespace-nowrap transition-colors -outline-offset-2 hover:text-foreground",
              to === view ? "border-primary" : "border-transparent text-muted-foreground",
            )}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Skeleton className="h-80 rounded-xl" />}>
        {view === "new" ? <AskForm onAsked={() => onSearch({})} /> : null}
        {view === "earlier" ? <EarlierView /> : null}
        {view === "wins" ? <WinsView /> : null}
        {view === undefined ? (
          <JudgeView pair={pair} onPair={(id) => onSearch({ pair: id })} />
        ) : null}
      </Suspense>
    </div>
  );
}
