import { Link } from "@tanstack/react-router";
import { History, SearchX } from "lucide-react";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { Announcer } from "./announcer";
import { EndOfList } from "./end-of-list";
import { useFeed } from "./follow";
import { HistoryFilters } from "./history-filters";
import { HistoryRow } from "./history-row";
import { type HistorySearch, toFilter } from "./history-search";
import { useCardActions } from "./submit";
import { useTabProgress } from "./use-tab-progress";

/** Rows further down are laid out only when they come near the view. */
const rowStyle =
  "min-w-0 nth-[n+6]:[contain-intrinsic-size:auto_8rem] nth-[n+6]:[content-visibility:auto]";

type HistoryPageProps = {
  search: HistorySearch;
  onSearch: (search: HistorySearch) => void;
};

/** Everything that was ever submitted. */
export function HistoryPage({ search, onSearch }: HistoryPageProps) {
  usePageTitle("History");
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-6 p-4 sm:p-6 lg:p-8">
      <h2 className="sr-only">Everything submitted</h2>
      <HistoryFilters search={search} onSearch={onSearch} />
      <Rows search={search} onSearch={onSearch} />
      <Announcer />
    </div>
  );
}

function Rows({ search, onSearch }: HistoryPageProps) {
  const feed = useFeed(toFilter(search));
  const actions = useCardActions();
  const { items } = feed;
  useTabProgress(items, "History");
  if (feed.isPending) {
    return (
      <div role="status" aria-label="Loading the history" className="grid gap-3">
        {["a", "b", "c", "d"].map((name) => (
          <Skeleton key={name} className="h-28 rounded-xl" />
        ))}
      </div>
    );
  }
  if (feed.isError && items.length === 0) {
    return (
      <Alert
        kind="error"
        title="The history could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void feed.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(feed.error)}
      </Alert>
    );
  }
  if (items.length === 0) {
    return Object.keys(search).length > 0 ? (
      <EmptyState
        icon={SearchX}
        title="Nothing like that"
        action={
          <Button variant="secondary" onClick={() => onSearch({})}>
            Clear the filters
          </Button>
        }
      >
        No prompt in your history fits these filters.
      </EmptyState>
    ) : (
      <EmptyState
        icon={History}
        title="Nothing submitted yet"
        action={
          <Link to="/generate" className={buttonVariants()}>
            Make the first picture
          </Link>
        }
      >
        Every request is kept here with all of its settings, whether it worked or not.
      </EmptyState>
    );
  }
  return (
    <>
      <ol className="grid gap-3">
        {items.map((generation) => (
          <li key={generation.id} className={rowStyle}>
            <HistoryRow generation={generation} actions={actions} />
          </li>
        ))}
      </ol>
      <EndOfList {...feed}>
        <p className="text-center text-sm text-muted-foreground">That is all.</p>
      </EndOfList>
    </>
  );
}
