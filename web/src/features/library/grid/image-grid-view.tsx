import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import type { ImageContext } from "../image-filter";
import type { ImageList } from "../image-lists";
import { rowHeightOf, useDensity } from "./density";
import { GridSkeleton } from "./grid-skeleton";
import { PictureGrid } from "./picture-grid";

type ImageGridViewProps = {
  list: UseInfiniteQueryResult<ImageList>;
  /** Those of the list that show. */
  images: readonly ImageOut[];
  context: ImageContext;
  label: string;
  empty: ReactNode;
  onMove: (image: ImageOut) => void;
};

/** Every picture of a list. */
export function useListed(list: UseInfiniteQueryResult<ImageList>): readonly ImageOut[] {
  const pages = list.data?.pages;
  return useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
}

/** A list of pictures in whatever state it is: on its way, failed, empty, or a grid that grows at its end. */
export function ImageGridView(props: ImageGridViewProps) {
  const { list, images, context, label, empty, onMove } = props;
  const [density] = useDensity();
  const rowHeight = rowHeightOf(density);
  if (list.isPending) {
    return (
      <div role="status" aria-label="Loading your pictures">
        <GridSkeleton rowHeight={rowHeight} />
      </div>
    );
  }
  if (!list.data) return <Failed list={list} title="Your pictures could not be loaded" />;
  if (images.length === 0 && !list.hasNextPage) return empty;
  const more = () => {
    if (list.hasNextPage && !list.isFetching && !list.isFetchNextPageError)
      void list.fetchNextPage();
  };
  return (
    <div
      aria-busy={list.isPlaceholderData}
      className={cn("transition-opacity duration-200", list.isPlaceholderData && "opacity-50")}
    >
      <PictureGrid
        images={images}
        context={context}
        total={list.data.pages[0]?.total ?? null}
        rowHeight={rowHeight}
        label={label}
        onMove={onMove}
        onEndNear={more}
      />
      {list.isFetchNextPageError ? (
        <div className="mt-4">
          <Failed list={list} title="The next pictures could not be loaded" next />
        </div>
      ) : list.hasNextPage ? (
        <div role="status" aria-label="Loading more pictures" className="mt-2.5">
          <GridSkeleton rowHeight={rowHeight} rows={2} />
        </div>
      ) : null}
    </div>
  );
}

type FailedProps = { list: UseInfiniteQueryResult<ImageList>; title: string; next?: boolean };

function Failed({ list, title, next = false }: FailedProps) {
  return (
    <Alert
      kind="error"
      title={title}
      action={
        <Button
          size="sm"
          variant="secondary"
          working={list.isFetching && "Trying…"}
          onClick={() => void (next ? list.fetchNextPage() : list.refetch())}
        >
          Try again
        </Button>
      }
    >
      {reasonOf(list.error)}
    </Alert>
  );
}
