import { type UseQueryResult, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import type { ImageContext } from "../image-filter";
import { arrange, fetchBetween, type ImageList } from "../image-lists";
import type { Choosing } from "../selection/use-selection";
import { GridSkeleton } from "./grid-skeleton";
import { type GridHandle, PictureGrid } from "./picture-grid";
import type { View } from "./view";

type ImageGridViewProps = {
  query: UseQueryResult<ImageList>;
  /** What of the list shows. */
  list: ImageList | undefined;
  /** So many at its beginning do not show. */
  held?: number;
  context: ImageContext;
  view: View;
  label: string;
  empty: ReactNode;
  choosing: Choosing;
  handle?: { current: GridHandle | null };
  onMove: (image: ImageOut) => void;
  onFavourite?: ((image: ImageOut) => void) | undefined;
};

/** A list of pictures in whatever state it is: on its way, failed, empty, or a grid that fills as one looks at it. */
export function ImageGridView(props: ImageGridViewProps) {
  const { query, list, held = 0, context, view, label, empty, choosing } = props;
  const client = useQueryClient();
  const own = useRef<GridHandle | null>(null);
  const handle = props.handle ?? own;
  const [failure, setFailure] = useState<unknown>(null);
  const wanted = useRef<[number, number]>([0, 0]);
  const { isPlaceholderData } = query;
  const coming = list?.rest === "coming" && !isPlaceholderData;
  useEffect(() => {
    if (coming) void arrange(client, context);
  }, [client, coming, context]);

  if (query.isPending) {
    return (
      <div role="status" aria-label="Loading your pictures">
        <GridSkeleton {...view} />
      </div>
    );
  }
  if (!list) {
    const again = () => void query.refetch();
    return (
      <Failed
        error={query.error}
        title="Your pictures could not be loaded"
        working={query.isFetching}
        onAgain={again}
      />
    );
  }
  if (list.items.length === 0) return empty;
  const want = (from: number, to: number) => {
    wanted.current = [from, to];
    if (isPlaceholderData) return;
    fetchBetween(client, context, from + held, to + held).then(
      () => setFailure(null),
      (error: unknown) => setFailure(error),
    );
  };
  const again = () => {
    setFailure(null);
    if (list.rest === "failed") void query.refetch();
    else want(...wanted.current);
  };
  return (
    <div
      aria-busy={isPlaceholderData}
      className={cn("transition-opacity duration-200", isPlaceholderData && "opacity-50")}
    >
      <PictureGrid
        {...view}
        list={list}
        context={context}
        label={label}
        choosing={choosing}
        handle={handle}
        onMove={props.onMove}
        onFavourite={props.onFavourite}
        onWanted={want}
      />
      {coming ? (
        <div role="status" aria-label="Loading more pictures" className="mt-2.5">
          <GridSkeleton {...view} share={0.5} />
        </div>
      ) : null}
      {failure || list.rest === "failed" ? (
        <div className="sticky bottom-18 z-10 mt-4 md:bottom-4">
          <Failed error={failure} title="More pictures could not be loaded" onAgain={again} />
        </div>
      ) : null}
    </div>
  );
}

type FailedProps = { error: unknown; title: string; working?: boolean; onAgain: () => void };

function Failed({ error, title, working = false, onAgain }: FailedProps) {
  return (
    <Alert
      kind="error"
      title={title}
      action={
        <Button size="sm" variant="secondary" working={working && "Trying…"} onClick={onAgain}>
          Try again
        </Button>
      }
    >
      {error ? reasonOf(error) : "Check your connection, then try again."}
    </Alert>
  );
}
