import { Link } from "@tanstack/react-router";
import { ChevronLeft, Images, Sparkles, SquareStack } from "lucide-react";
import { lazy, Suspense, useCallback } from "react";
import type { CollectionOut } from "@/api/types.gen";
import { ExportButton } from "@/features/exports/export-button";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";
import { useCollection, useCollectionEvents, useContent } from "./collections";

const Board = lazy(() => import("./board").then((module) => ({ default: module.Board })));
const CollectionMenu = lazy(() =>
  import("./collection-menu").then((module) => ({ default: module.CollectionMenu })),
);

/** One collection: what it is, and its pictures in their order. */
export function CollectionPage({ id }: { id: string }) {
  const collection = useCollection(id);
  useCollectionEvents();
  usePageTitle(collection.data?.name ?? "Collection");
  const { error } = collection;
  if (collection.data) {
    return (
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 p-4 sm:p-6">
        <Header collection={collection.data} />
        <Content collection={collection.data} />
      </div>
    );
  }
  if (collection.isPending) return <Waiting label="Loading the collection" />;
  if (error instanceof Problem && error.status === 404) {
    return (
      <EmptyState
        icon={SquareStack}
        title="There is no such collection"
        action={
          <Link to="/collections" className={buttonVariants({ variant: "secondary" })}>
            Go to Collections
          </Link>
        }
      >
        It may have been deleted. Its pictures are still in the library.
      </EmptyState>
    );
  }
  return (
    <div className="p-4 sm:p-6">
      <Failed error={error} what="collection" onAgain={() => void collection.refetch()} />
    </div>
  );
}

function Header({ collection }: { collection: CollectionOut }) {
  const { id, name, description, filter, image_count } = collection;
  const mayChange = useMayChange();
  return (
    <header className="grid gap-3">
      <Link
        to="/collections"
        className="inline-flex items-center gap-1 justify-self-start text-sm text-muted-foreground hover:text-foreground"
      >
        <ChevronLeft aria-hidden className="size-4" /> Collections
      </Link>
      <div className="flex items-start gap-4">
        <div className="grid min-w-0 flex-1 gap-2">
          <h2 className="text-2xl wrap-anywhere">
            <bdi>{name}</bdi>
          </h2>
          {description ? (
            <p dir="auto" className="max-w-prose text-muted-foreground wrap-anywhere">
              {description}
            </p>
          ) : null}
          <p className="flex items-center gap-2 text-sm text-muted-foreground">
            {formatCount(image_count, "picture")}
            {filter ? (
              <Badge kind="primary">
                <Sparkles aria-hidden /> Smart
              </Badge>
            ) : null}
          </p>
        </div>
        <div className="flex gap-2">
          <Suspense fallback={<span className="size-10" />}>
            {image_count > 0 ? (
              <ExportButton source={() => ({ of: "collection", id, filter })} />
            ) : null}
            {mayChange ? <CollectionMenu collection={collection} /> : null}
          </Suspense>
        </div>
      </div>
    </header>
  );
}

function Content({ collection }: { collection: CollectionOut }) {
  const content = useContent(collection.id);
  const mayChange = useMayChange();
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = content;
  const next = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  const pages = content.data?.pages;
  const images = pages?.flatMap((page) => page.items) ?? [];
  if (content.isPending) return <Waiting label="Loading the pictures" />;
  if (!content.data)
    return <Failed error={content.error} what="pictures" onAgain={() => void content.refetch()} />;
  if (images.length === 0) return <Nothing smart={collection.filter !== null} />;
  return (
    <>
      <Suspense fallback={<Waiting label="Loading the pictures" />}>
        <Board collection={collection} images={images} mayChange={mayChange} onNearEnd={next} />
      </Suspense>
      <ShowMore list={content} />
    </>
  );
}

function Nothing({ smart }: { smart: boolean }) {
  return (
    <EmptyState
      icon={Images}
      title={smart ? "Nothing matches now" : "No pictures in it yet"}
      action={
        <Link
          to={smart ? "/images" : "/projects"}
          className={buttonVariants({ variant: "secondary" })}
        >
          {smart ? "Go to Images" : "Go to Projects"}
        </Link>
      }
    >
      {smart
        ? "As soon as a picture matches the filter of this collection, it shows here."
        : "Choose pictures in a project, then “Add to…”, or drag them onto the collection."}
    </EmptyState>
  );
}

function Waiting({ label }: { label: string }) {
  return (
    <div
      role="status"
      aria-label={label}
      className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-3 p-4 sm:p-6"
    >
      {["a", "b", "c", "d", "e", "f"].map((name) => (
        <Skeleton key={name} className="aspect-square rounded-lg" />
      ))}
    </div>
  );
}

function Failed({ error, what, onAgain }: { error: unknown; what: string; onAgain: () => void }) {
  return (
    <Alert
      kind="error"
      title={`The ${what} could not be loaded`}
      action={
        <Button size="sm" variant="secondary" onClick={onAgain}>
          Try again
        </Button>
      }
    >
      {reasonOf(error)}
    </Alert>
  );
}
