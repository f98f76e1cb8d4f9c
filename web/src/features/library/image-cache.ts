/** One door for every change of a picture: each cached list and record then says the same. */
import type { QueryClient } from "@tanstack/react-query";
import type { ImageOut } from "@/api/types.gen";
import type { ListQuery } from "./image-filter";
import { type ImageList, imageKey, listsOf, ratioOf } from "./image-lists";
import { matches } from "./image-matches";

/** A picture as it is now and, where that is known, as it was; that tells whether a list counted it unseen. */
export type Change = { image: ImageOut; before: ImageOut | undefined };

/** Puts pictures where they now belong: into the lists that show them, in their places, and out of the others. */
export function settle(client: QueryClient, changes: readonly Change[]): void {
  if (changes.length === 0) return;
  for (const { key, query, list } of listsOf(client)) {
    const { next, unsure } = withChanges(list, query, changes);
    if (next !== list) client.setQueryData(key, next);
    if (unsure) void client.invalidateQueries({ queryKey: key, exact: true });
  }
  for (const { image } of changes) client.setQueryData(imageKey(image.id), image);
}

/**
 * `list` with pictures in their places, or out of them.
 * `unsure` when one belongs, or belonged, where nothing is fetched: only the server can tell where.
 */
export function withChanges(
  list: ImageList,
  query: ListQuery,
  changes: readonly Change[],
): { next: ImageList; unsure: boolean } {
  const wanted = new Map(changes.map((change) => [change.image.id, change]));
  const gone: number[] = [];
  let items: (ImageOut | undefined)[] | null = null;
  for (const [index, item] of list.items.entries()) {
    const change = item && wanted.get(item.id);
    if (!item || !change) continue;
    wanted.delete(item.id);
    if (matches(change.image, query) === false) gone.push(index);
    else if (change.image !== item) {
      items ??= list.items.slice();
      items[index] = change.image;
    }
  }
  let next = items ? { ...list, items } : list;
  if (gone.length > 0) next = without(next, gone);
  let unsure = false;
  for (const { image, before } of wanted.values()) {
    const belongs = matches(image, query);
    const counted = before === undefined ? false : matches(before, query);
    if (belongs === null || counted === null) {
      // Only the server can tell; what changed is most likely of no account here.
      continue;
    }
    if (belongs && !counted) {
      const at = placeFor(next, query, image);
      if (at === undefined) unsure = true;
      else next = withAt(next, at, image);
    } else if (!belongs && counted) unsure = true;
  }
  return { next, unsure };
}

function without(list: ImageList, gone: readonly number[]): ImageList {
  const out = new Set(gone);
  const stays = (_: unknown, index: number) => !out.has(index);
  let passed = 0;
  const blocks = list.blocks.map((block) => {
    while (passed < gone.length && (gone[passed] ?? 0) < block.start) passed += 1;
    return { ...block, start: block.start - passed };
  });
  return {
    ...list,
    total: Math.max(0, list.total - gone.length),
    ratios: list.ratios.filter(stays),
    items: list.items.filter(stays),
    blocks: blocks.filter((block, at) => at === 0 || block.start !== blocks[at - 1]?.start),
  };
}

function withAt(list: ImageList, at: number, image: ImageOut): ImageList {
  return {
    ...list,
    total: list.total + 1,
    ratios: [...list.ratios.slice(0, at), ratioOf(image), ...list.ratios.slice(at)],
    items: [...list.items.slice(0, at), image, ...list.items.slice(at)],
    blocks: list.blocks.map((block) =>
      block.start >= at && block.start > 0 ? { ...block, start: block.start + 1 } : block,
    ),
  };
}

/** Where a picture belongs; undefined where its neighbours are not fetched, or the order is not one of time. */
function placeFor(list: ImageList, query: ListQuery, image: ImageOut): number | undefined {
  if (query.sort && query.sort !== "created") return undefined;
  const sign = query.order === "asc" ? 1 : -1;
  const at = list.items.findIndex((other) => other && compare(image, other) * sign < 0);
  if (at === 0 || (at > 0 && list.items[at - 1])) return at;
  const last = list.items.length;
  if (at < 0 && list.rest === "whole" && (last === 0 || list.items[last - 1])) return last;
  return undefined;
}

/** By time, then by id, as the server orders. */
function compare(one: ImageOut, other: ImageOut): number {
  const times = Date.parse(one.created_at) - Date.parse(other.created_at);
  if (times !== 0) return times;
  const [a, b] = [one.created_at + one.id, other.created_at + other.id];
  return a < b ? -1 : a > b ? 1 : 0;
}
