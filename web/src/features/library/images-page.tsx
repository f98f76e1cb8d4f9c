import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Images } from "lucide-react";
import { listImagesInfiniteOptions } from "@/api/@tanstack/react-query.gen";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { useStreamReconnect, useStudioEvent } from "@/lib/studio-events";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { PictureTile } from "./picture-tile";

const gridStyle = "grid grid-cols-2 gap-3 sm:grid-cols-3 sm:gap-4 lg:grid-cols-4 xl:grid-cols-5";
const newest = listImagesInfiniteOptions({ query: { limit: 40 } });

function useImages() {
  const client = useQueryClient();
  const refetch = () => void client.invalidateQueries({ queryKey: newest.queryKey });
  useStudioEvent("image.created", refetch);
  useStudioEvent("image.rendered", refetch);
  useStudioEvent("image.deleted", refetch);
  useStudioEvent("image.restored", refetch);
  useStreamReconnect(refetch);
  return useInfiniteQuery({
    ...newest,
    initialPageParam: {},
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function ImagesPage() {
  usePageTitle("Images");
  const images = useImages();
  if (images.isPending) {
    return (
      <div role="status" aria-label="Loading your pictures" className={`${gridStyle} p-4 sm:p-6`}>
        {["a", "b", "c", "d", "e"].map((name) => (
          <Skeleton key={name} className="aspect-square rounded-xl" />
        ))}
      </div>
    );
  }
  if (images.isError) {
    return (
      <div className="p-4 sm:p-6">
        <Alert
          kind="error"
          title="Your pictures could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void images.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(images.error)}
        </Alert>
      </div>
    );
  }
  const items = images.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <NoPictures />;
  return (
    <div className="grid gap-6 p-4 sm:p-6">
      <ul className={`${gridStyle} items-start`}>
        {items.map((image) => (
          <li key={image.id}>
            <PictureTile image={image} />
          </li>
        ))}
      </ul>
      {images.hasNextPage ? (
        <Button
          variant="secondary"
          className="mx-auto"
          working={images.isFetchingNextPage && "Loading more…"}
          onClick={() => void images.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </div>
  );
}

function NoPictures() {
  return (
    <EmptyState
      icon={Images}
      title="No pictures yet"
      action={
        <Link to="/generate" className={buttonVariants()}>
          Make the first one
        </Link>
      }
    >
      Every picture you make is kept here, with its prompt, its seed and all of its settings.
    </EmptyState>
  );
}
