/** The pictures before and after one, in the list that it was opened from. */
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { listImages } from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { type ImageContext, type ListQuery, toQuery } from "../image-filter";
import { arrange, fetchBetween, imageList } from "../image-lists";

export type Neighbours = {
  previous: ImageOut | undefined;
  next: ImageOut | undefined;
  /** Which one of how many, where the list is known. */
  position: number | null;
  total: number | null;
};

/** So many pictures on both sides are fetched. */
const EARLY = 10;
/** Pictures of one moment that stand between a picture and its neighbour; more are never made at once. */
const TIES = 20;

export function useNeighbours(image: ImageOut | undefined, context: ImageContext): Neighbours {
  const client = useQueryClient();
  const { data: list } = useQuery({ ...imageList(context), enabled: false });
  const index = image && list ? list.items.findIndex((item) => item?.id === image.id) : -1;
  const listed = index >= 0;
  const wanted = listed ? undefined : image;
  const earlier = useBeside(wanted, context, "previous");
  const later = useBeside(wanted, context, "next");

  const places = list?.items.length ?? 0;
  const first = Math.max(0, index - EARLY);
  const last = Math.min(places, index + EARLY);
  const missing = listed && list?.items.slice(first, last).includes(undefined);
  useEffect(() => {
    // What cannot be had now is asked for again with the next step.
    if (missing) void fetchBetween(client, context, first, last).catch(() => undefined);
  }, [client, context, missing, first, last]);
  const short = listed && list?.rest === "coming" && last === places;
  useEffect(() => {
    if (short) void arrange(client, context);
  }, [client, context, short]);

  if (!listed || !list) return { previous: earlier, next: later, position: null, total: null };
  return {
    previous: list.items[index - 1],
    next: list.items[index + 1],
    position: index + 1,
    total: list.total,
  };
}

/** Asks for the picture beside one that no loaded list has. */
function useBeside(image: ImageOut | undefined, context: ImageContext, side: "previous" | "next") {
  // Only in an order of time can a place be told from the picture itself.
  const query = image && !context.sort ? besideQuery(image, toQuery(context), side) : undefined;
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
