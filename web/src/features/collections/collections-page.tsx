import { useNavigate } from "@tanstack/react-router";
import { Plus, SearchX, SquareStack } from "lucide-react";
import { lazy, Suspense, useDeferredValue, useState } from "react";
import { useMayChange } from "@/features/workspaces/acting";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Input } from "@/ui/input";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";
import { CollectionCard } from "./collection-card";
import { useCollectionEvents, useCollections } from "./collections";

const CollectionDialog = lazy(() =>
  import("./collection-dialog").then((module) => ({ default: module.CollectionDialog })),
);

type CollectionsPageProps = { q: string; onSearch: (q: string) => void };

/** The collections, those that changed last first. */
export function CollectionsPage({ q, onSearch }: CollectionsPageProps) {
  usePageTitle("Collections");
  useCollectionEvents();
  const list = useCollections(useDeferredValue(q));
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const [creating, create] = useState(false);
  const collections = list.data?.pages.flatMap((page) => page.items) ?? [];
  const newButton = mayChange ? (
    <Button onClick={() => create(true)}>
      <Plus aria-hidden /> New collection
    </Button>
  ) : null;
  return (
    <div className="grid gap-6 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label="Search collections"
          placeholder="Search"
          value={q}
          onChange={(event) => onSearch(event.target.value)}
          className="w-full sm:mr-auto sm:w-72"
        />
        {newButton}
      </div>
      {list.isPending ? (
        <div role="status" aria-label="Loading the collections" className={gridStyle}>
          {["a", "b", "c", "d"].map((name) => (
            <Skeleton key={name} className="aspect-[1/1] rounded-xl" />
          ))}
        </div>
      ) : list.isError && !list.data ? (
        <Alert
          kind="error"
          title="The collections could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(list.error)}
        </Alert>
      ) : collections.length > 0 ? (
        <ul aria-label="Collections" className={gridStyle}>
          {collections.map((collection) => (
            <li key={collection.id}>
              <CollectionCard collection={collection} />
            </li>
          ))}
        </ul>
      ) : q ? (
        <EmptyState
          icon={SearchX}
          title="No collection is called that"
          action={
            <Button variant="secondary" onClick={() => onSearch("")}>
              Clear the search
            </Button>
          }
        >
          Only the names were looked through.
        </EmptyState>
      ) : (
        <EmptyState icon={SquareStack} title="No collections yet" action={newButton}>
          A collection puts pictures in an order of your own. A picture can be in as many as you
          like. A smart one shows whatever matches a filter, as it is now.
        </EmptyState>
      )}
      <ShowMore list={list} />
      {creating ? (
        <Suspense>
          <CollectionDialog
            onClose={() => create(false)}
            onDone={({ id }) => void navigate({ to: "/collections/$id", params: { id } })}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

const gridStyle = "grid grid-cols-[repeat(auto-fill,minmax(min(100%,15rem),1fr))] gap-4";
