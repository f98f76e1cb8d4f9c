/** One door for every change of a picture: each cached list and record then says the same. */
import type { QueryClient } from "@tanstack/react-query";
import type { ImageOut, ImagePage } from "@/api/types.gen";
import type { ListQuery } from "./image-filter";
import { findImage, type ImageList, imageKey, listsOf } from "./image-lists";

/**
 * Puts a picture where it now belongs: into the lists that show it, in its place, and out of the others.
 * `before` is how it was, where that is known; it tells whether a list counted it beyond its loaded pages.
 */
export function settle(
  client: QueryClient,
  image: ImageOut,
  before: ImageOut | undefined = findImage(client, image.id),
): void {
  for (const { key, query, list } of listsOf(client)) {
    const next = withImage(list, query, image, before);
    if (next !== list) client.setQueryData(key, next);
  }
  client.setQueryData(imageKey(image.id), image);
}

/** `list` with the picture in its place, or out of it. */
export function withImage(
  list: ImageList,
  query: ListQuery,
  image: ImageOut,
  before?: ImageOut,
): ImageList {
  const belongs = matches(image, query);
  const counted = before !== undefined && matches(before, query);
  const at = list.pages.findIndex((page) => page.items.some(({ id }) => id === image.id));
  let pages = list.pages;
  if (at >= 0) {
    const replace = (item: ImageOut) => (item.id === image.id ? (belongs ? [image] : []) : [item]);
    pages = change(pages, at, (items) => items.flatMap(replace));
  } else if (belongs) {
    pages = inserted(pages, query, image);
  }
  const difference = Number(belongs) - Number(counted || at >= 0);
  const [first, ...rest] = pages;
  if (difference !== 0 && first && first.total !== null)
    pages = [{ ...first, total: Math.max(0, first.total + difference) }, ...rest];
  return pages === list.pages ? list : { ...list, pages };
}

/** The picture in its place, unless that is on a page that is not loaded yet. */
function inserted(pages: ImagePage[], query: ListQuery, image: ImageOut): ImagePage[] {
  const sign = query.order === "asc" ? 1 : -1;
  const comesFirst = (other: ImageOut) => compare(image, other) * sign < 0;
  const at = pages.findIndex((page) => page.items.some(comesFirst));
  if (at >= 0) {
    return change(pages, at, (items) => {
      const place = items.findIndex(comesFirst);
      return [...items.slice(0, place), image, ...items.slice(place)];
    });
  }
  const last = pages.length - 1;
  if (last < 0 || pages[last]?.next_cursor) return pages;
  return change(pages, last, (items) => [...items, image]);
}

function change(pages: ImagePage[], at: number, how: (items: ImageOut[]) => ImageOut[]) {
  return pages.map((page, index) => (index === at ? { ...page, items: how(page.items) } : page));
}

/** By time, then by id, as the server orders. */
function compare(one: ImageOut, other: ImageOut): number {
  const times = Date.parse(one.created_at) - Date.parse(other.created_at);
  if (times !== 0) return times;
  const [a, b] = [one.created_at + one.id, other.created_at + other.id];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a list that asks for `query` shows the picture. */
export function matches(image: ImageOut, query: ListQuery): boolean {
  const { width, height, model, operation, created_at, deleted_at } = image;
  const made = Date.parse(created_at);
  const shape = width === height ? "square" : width > height ? "landscape" : "portrait";
  return (
    (deleted_at !== null) === Boolean(query.trashed) &&
    (!query.aspect || query.aspect === shape) &&
    (!query.model || query.model === model) &&
    (!query.operation || query.operation === operation) &&
    (!query.created_from || made >= Date.parse(query.created_from)) &&
    (!query.created_to || made <= Date.parse(query.created_to))
  );
}
