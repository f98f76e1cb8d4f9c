/** The pictures before and after one, in the list that it was opened from. */
import { skipToken, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { listImages } from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { type ImageContext, type ListQuery, toQuery } from "../image-filter";
import { imageList } from "../image-lists";

export type Neighbours = {
  previous: ImageOut | undefined;
  next: ImageOut | undefined;
  /** Which one of how many, where the list is known. */
  position: number | null;
  total: number | null;
};

/** From the end of the loaded list so near, more of it is fetched. */
const EARLY = 10;
/** Pictures of one moment that stand between a picture and its neighbour; more are never made at once. */
const TIES = 20;

export function useNeighbours(image: ImageOut | undefined, context: ImageContext): Neighbours {
  const list = useInfiniteQuery({ ...imageList(context), enabled: false });
  const images = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const index = image ? images.findIndex(({ id }) => id === image.id) : -1;
  const listed = index >= 0;
  const wanted = listed ? undefined : image;
  const earlier = useBeside(wanted, context, "previous");
  const later = useBeside(wanted, context, "next");

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const short = listed && index >= images.length - EARLY && hasNextPage;
  useEffect(() => {
    if (short && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [short, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  if (!listed) return { previous: earlier, next: later, position: null, total: null };
  return {
    previous: images[index - 1],
    next: images[index + 1],
    position: index + 1,
    total: list.data?.pages[0]?.total ?? null,
  };
}

/** Asks for the picture beside one that no loaded list has. */
function useBeside(image: ImageOut | undefined, context: ImageContext, side: "previous" | "next") {
  const query = image && besideQuery(image, toQuery(context), side);
  const { data } = useQuery({
    queryKey: ["image-beside", image?.id, query],
    queryFn: query
      ? async ({ signal }) => {
          const { data: page } = await listImages({ query, signal, throwOnError: true });
          return page.items;
        }
      : skipToken,
  });
  return image && data ? following(data, image) : undefined;
}

/** The list that begins with the picture and goes on to `side`. */
export function besideQuery(
  image: ImageOut,
  query: ListQuery,
  side: "previous" | "next",
): ListQuery & { limit: number } {
  const older = (query.order === "asc") === (side === "previous");
  return older
    ? { ...query, created_to: image.created_at, order: "desc", limit: TIES }
    : { ...query, created_from: image.created_at, order: "asc", limit: TIES };
}

/** The one after the picture; where the picture itself is not among them, the first of another moment. */
export function following(items: readonly ImageOut[], image: ImageOut): ImageOut | undefined {
  const at = items.findIndex(({ id }) => id === image.id);
  if (at >= 0) return items[at + 1];
  return items.find(({ created_at }) => created_at !== image.created_at);
}
