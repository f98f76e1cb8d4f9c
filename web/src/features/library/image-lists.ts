/** The lists of pictures in the cache, one for each filter. A list knows the shape of every picture, and the pictures where someone looked. */
import { type QueryClient, type QueryKey, queryOptions } from "@tanstack/react-query";
import { getImageOptions, getImageQueryKey } from "@/api/@tanstack/react-query.gen";
import { layOutImages, listImages } from "@/api/sdk.gen";
import type { ImageLayout, ImageOut, ImagePage } from "@/api/types.gen";
import { mayPass } from "@/lib/query-client";
import { type ImageContext, type ListQuery, toQuery } from "./image-filter";

/** Pictures that are fetched together: `cursor` leads to the one at `start`. */
export type Block = { start: number; cursor: string | null };

export type ImageList = {
  /** How many there are in all. */
  total: number;
  /** Of each picture in order how wide it is for a height of 1000. */
  ratios: readonly number[];
  /** The pictures themselves; undefined where none is fetched yet. As long as `ratios`. */
  items: readonly (ImageOut | undefined)[];
  blocks: readonly Block[];
  /** Whether every picture has its place here; if not, whether these places are on their way. */
  rest: "whole" | "coming" | "failed";
};

/** The first page is short, so that it is there soon. */
const FIRST = 60;
const MOST = 100;
/** More pictures than these are not kept; those far from where one looks go first. */
const KEPT = 6_000;
const LISTS = "image-lists";
const ATTEMPTS = 2;

const again = (failures: number, error: unknown) => failures < ATTEMPTS && mayPass(error);

export const ratioOf = ({ width, height }: Pick<ImageOut, "width" | "height">): number =>
  width > 0 && height > 0 ? Math.round((width * 1000) / height) : 1000;

export const listKey = (context: ImageContext): QueryKey => [LISTS, toQuery(context)];

/** One list. Events keep it true (image-cache.ts), so it is not asked for again by itself. */
export function imageList(context: ImageContext) {
  const query = toQuery(context);
  return queryOptions({
    queryKey: [LISTS, query] as const,
    queryFn: async ({ signal, client, queryKey }): Promise<ImageList> => {
      const before = client.getQueryData<ImageList>(queryKey);
      const { data } = await listImages({
        query: { ...query, limit: FIRST, count: true },
        signal,
        throwOnError: true,
      });
      const list = begun(data);
      // A list whose places were known has them again at once, so that the page does not shrink.
      if (list.rest === "whole" || !before || before.blocks.length < 2) return list;
      return arranged(list, await fetchLayout(client, query), before);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The list as its first page tells of it. */
export function begun({ items, next_cursor, total }: ImagePage): ImageList {
  return {
    total: total ?? items.length,
    ratios: items.map(ratioOf),
    items,
    blocks: [{ start: 0, cursor: null }],
    rest: next_cursor ? "coming" : "whole",
  };
}

/** The list with a place for every picture; what was fetched `before` stays where nothing moved. */
export function arranged(list: ImageList, layout: ImageLayout, before?: ImageList): ImageList {
  const { ratios, blocks, total } = layout;
  const items = new Array<ImageOut | undefined>(ratios.length).fill(undefined);
  const kept = before && before.total === total && sameOrder(before, list) ? before.items : [];
  for (const [index, item] of kept.entries()) if (index < items.length) items[index] = item;
  // Where pictures came or went in between, the first are fetched again.
  if (list.total === total) for (const [index, item] of list.items.entries()) items[index] = item;
  return {
    total,
    ratios,
    items,
    blocks: blocks.map(({ start, cursor }) => ({ start, cursor: cursor ?? null })),
    rest: "whole",
  };
}

const sameOrder = (one: ImageList, other: ImageList) =>
  other.items.every((item, index) => one.items[index]?.id === item?.id);

function fetchLayout(client: QueryClient, query: ListQuery): Promise<ImageLayout> {
  return client.fetchQuery({
    queryKey: ["image-layout", query],
    queryFn: async ({ signal }) => (await layOutImages({ query, signal, throwOnError: true })).data,
    staleTime: 0,
    gcTime: 0,
    retry: again,
  });
}

/** Fetches the places of all pictures of a list that knows but its first. */
export async function arrange(client: QueryClient, context: ImageContext): Promise<void> {
  const key = listKey(context);
  const change = (how: (list: ImageList) => ImageList) =>
    client.setQueryData<ImageList>(key, (list) => list && how(list));
  try {
    const layout = await fetchLayout(client, toQuery(context));
    change((list) => (list.rest === "whole" ? list : arranged(list, layout)));
  } catch {
    change((list) => (list.rest === "whole" ? list : { ...list, rest: "failed" }));
  }
}

/** Fetches what is missing of the pictures from `start` up to, not with, `end`. */
export async function fetchBetween(
  client: QueryClient,
  context: ImageContext,
  start: number,
  end: number,
): Promise<void> {
  const key = listKey(context);
  const list = client.getQueryData<ImageList>(key);
  if (!list) return;
  const wanted = blocksBetween(list, start, end).filter(({ from, to }) =>
    isMissing(list, from, to),
  );
  await Promise.all(
    wanted.map(async ({ from, to, cursor }) => {
      const items = await fetchBlock(client, toQuery(context), cursor, to - from);
      const next = client.setQueryData<ImageList>(key, (now) => now && placed(now, cursor, items));
      // Pictures came or went unseen: the places are asked for anew.
      if (next && placeOf(next, cursor, items.length) === undefined)
        void client.invalidateQueries({ queryKey: key, exact: true });
    }),
  );
}

function fetchBlock(
  client: QueryClient,
  query: ListQuery,
  cursor: string | null,
  count: number,
): Promise<ImageOut[]> {
  return client.fetchQuery({
    queryKey: ["image-block", query, cursor, count],
    queryFn: async ({ signal }) => {
      const items: ImageOut[] = [];
      let at = cursor;
      do {
        const limit = Math.min(MOST, count - items.length);
        const { data } = await listImages({
          query: { ...query, limit, ...(at && { cursor: at }) },
          signal,
          throwOnError: true,
        });
        items.push(...data.items);
        at = data.next_cursor;
      } while (at && items.length < count);
      return items;
    },
    staleTime: 0,
    gcTime: 0,
    retry: again,
  });
}

type Span = { from: number; to: number; cursor: string | null };

/** The blocks that hold the pictures from `start` up to, not with, `end`. */
export function blocksBetween(list: ImageList, start: number, end: number): Span[] {
  return list.blocks.flatMap((block, at) => {
    const to = list.blocks[at + 1]?.start ?? list.items.length;
    return block.start < end && to > start ? [{ from: block.start, to, cursor: block.cursor }] : [];
  });
}

function isMissing(list: ImageList, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (!list.items[index]) return true;
  return false;
}

/** The block that a cursor leads to, if it holds as many pictures as came. */
function placeOf(list: ImageList, cursor: string | null, count: number): Span | undefined {
  const at = list.blocks.findIndex((block) => block.cursor === cursor);
  const from = list.blocks[at]?.start;
  if (from === undefined) return undefined;
  const to = list.blocks[at + 1]?.start ?? list.items.length;
  return to - from === count ? { from, to, cursor } : undefined;
}

/** The list with the pictures of one block in their places. */
export function placed(list: ImageList, cursor: string | null, images: ImageOut[]): ImageList {
  const place = placeOf(list, cursor, images.length);
  if (!place) return list;
  let items = list.items.slice();
  for (const [offset, image] of images.entries()) items[place.from + offset] = image;
  const far = (index: number) => Math.abs(index - place.from) > KEPT / 2;
  if (items.reduce((sum, item) => sum + (item ? 1 : 0), 0) > KEPT)
    items = items.map((item, index) => (far(index) ? undefined : item));
  return { ...list, items };
}

/** The list without its first `count` pictures. */
export function withoutFirst(list: ImageList, count: number): ImageList {
  if (count === 0) return list;
  return {
    ...list,
    ratios: list.ratios.slice(count),
    items: list.items.slice(count),
    blocks: list.blocks.map((block) => ({ ...block, start: Math.max(0, block.start - count) })),
  };
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
    const found = list.items.find((image) => image?.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Forgets the lists that nobody looks at. */
export function forgetUnseenLists(client: QueryClient): void {
  client.removeQueries({ queryKey: [LISTS], type: "inactive" });
}

/** Lists that may have changed in a way that cannot be told from here are asked for anew. */
export function refreshLists(client: QueryClient): void {
  forgetUnseenLists(client);
  void client.invalidateQueries({ queryKey: [LISTS] });
}
