/** The lists of pictures in the cache: one for each filter, page after page. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { getImageOptions, getImageQueryKey } from "@/api/@tanstack/react-query.gen";
import { listImages } from "@/api/sdk.gen";
import type { ImageOut, ImagePage } from "@/api/types.gen";
import { type ImageContext, type ListQuery, toQuery } from "./image-filter";

export type ImageList = InfiniteData<ImagePage>;

/** The first page is short, so that it is there soon. */
const FIRST = 60;
const FURTHER = 100;
const LISTS = "image-lists";

/** One list. Events keep it true (image-cache.ts), so it is not asked for again by itself. */
export function imageList(context: ImageContext) {
  const query = toQuery(context);
  return infiniteQueryOptions({
    queryKey: [LISTS, query] as const,
    queryFn: async ({ pageParam, signal }): Promise<ImagePage> => {
      const page = pageParam
        ? { limit: FURTHER, cursor: pageParam }
        : { limit: FIRST, count: true };
      const { data } = await listImages({
        query: { ...query, ...page },
        signal,
        throwOnError: true,
      });
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: ImagePage) => page.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const imageQuery = (id: string) => getImageOptions({ path: { id } });
export const imageKey = (id: string) => getImageQueryKey({ path: { id } });

/** Every list there is, with what it asks for. */
export function listsOf(
  client: QueryClient,
): { key: QueryKey; query: ListQuery; list: ImageList }[] {
  return client
    .getQueriesData<ImageList>({ queryKey: [LISTS] })
    .flatMap(([key, list]) => (list ? [{ key, query: (key[1] ?? {}) as ListQuery, list }] : []));
}

/** A picture that the cache has, alone or in a list. */
export function findImage(client: QueryClient, id: string): ImageOut | undefined {
  const alone = client.getQueryData<ImageOut>(imageKey(id));
  if (alone) return alone;
  for (const { list } of listsOf(client)) {
    for (const page of list.pages) {
      const found = page.items.find((image) => image.id === id);
      if (found) return found;
    }
  }
  return undefined;
}

/** Forgets the lists that nobody looks at. */
export function forgetUnseenLists(client: QueryClient): void {
  client.removeQueries({ queryKey: [LISTS], type: "inactive" });
}
