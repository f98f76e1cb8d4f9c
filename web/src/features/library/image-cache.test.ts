import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import type { ImageOut } from "@/api/types.gen";
import { settle, withChanges } from "./image-cache";
import type { ListQuery } from "./image-filter";
import { begun, findImage, type ImageList, imageList } from "./image-lists";
import { page, picture } from "./test-images";

/** Pictures 9, 7, 5 and 3; `more` stands for others that come after them and are not fetched. */
const list = (more = 0): ImageList => {
  const items = [picture(9), picture(7), picture(5), picture(3), ...Array(more).fill(undefined)];
  return {
    total: items.length,
    ratios: items.map(() => 1500),
    items,
    blocks: [
      { start: 0, cursor: null },
      { start: 2, cursor: "a" },
      ...(more ? [{ start: 4, cursor: "b" }] : []),
    ],
    rest: "whole",
  };
};
const numbers = (of: ImageList | undefined) => of?.items.map((image) => image?.seed);
const change = (of: ImageList, query: ListQuery, image: ImageOut, before?: ImageOut) =>
  withChanges(of, query, [{ image, before }]);

it("puts a new picture in its place by time", () => {
  for (const [at, order] of [
    [10, [10, 9, 7, 5, 3]],
    [8, [9, 8, 7, 5, 3]],
    [6, [9, 7, 6, 5, 3]],
    [1, [9, 7, 5, 3, 1]],
  ] as const) {
    const { next, unsure } = change(list(), {}, picture(at));
    expect(numbers(next)).toEqual(order);
    expect([next.total, next.ratios.length, unsure]).toEqual([5, 5, false]);
  }
});

it("moves the beginnings of blocks along with what comes before them", () => {
  const starts = (of: ImageList) => of.blocks.map(({ start }) => start);
  expect(starts(change(list(2), {}, picture(10)).next)).toEqual([0, 3, 5]);
  const gone = picture(9, { deleted_at: "2026-11-20T00:00:00Z" });
  expect(starts(change(list(2), {}, gone).next)).toEqual([0, 1, 3]);
});

it("asks anew when a picture comes or goes where nothing is fetched", () => {
  const { next, unsure } = change(list(2), {}, picture(1));
  expect([numbers(next)?.slice(0, 4), unsure]).toEqual([[9, 7, 5, 3], true]);
  const gone = picture(1, { deleted_at: "2026-11-20T00:00:00Z" });
  expect(change(list(2), {}, gone, picture(1)).unsure).toBe(true);
  expect(change(list(2), { sort: "created" }, gone, gone).unsure).toBe(false);
});

it("takes a deleted picture out of the library and into the trash", () => {
  const gone = picture(7, { deleted_at: "2026-11-20T00:00:00Z" });
  const library = change(list(), {}, gone, picture(7)).next;
  expect(numbers(library)).toEqual([9, 5, 3]);
  expect(library.total).toBe(3);
  const trash = change(begun(page([], null, 0)), { trashed: true }, gone, picture(7)).next;
  expect(numbers(trash)).toEqual([7]);
  expect(trash.total).toBe(1);
});

it("counts a deletion once, however often it is told", () => {
  const gone = picture(7, { deleted_at: "2026-11-20T00:00:00Z" });
  const once = change(list(), {}, gone, picture(7)).next;
  expect(change(once, {}, gone, gone).next).toBe(once);
});

it("keeps to the filter and the order of a list", () => {
  expect(change(list(), { aspect: "portrait" }, picture(8)).next).toEqual(list());
  const oldest = begun(page([picture(1), picture(3)], null, 2));
  expect(numbers(change(oldest, { order: "asc" }, picture(2)).next)).toEqual([1, 2, 3]);
  const until = { created_to: picture(8).created_at };
  expect(numbers(change(list(), until, picture(10)).next)).toEqual([9, 7, 5, 3]);
});

it("settles pictures in every list and on their own", () => {
  const client = new QueryClient();
  const key = imageList({}).queryKey;
  client.setQueryData(key, list());
  client.setQueryData(imageList({ trash: true }).queryKey, begun(page([], null, 0)));
  const deleted_at = "2026-11-20T00:00:00Z";
  settle(
    client,
    [5, 9].map((at) => ({ image: picture(at, { deleted_at }), before: picture(at) })),
  );
  expect(numbers(client.getQueryData(key))).toEqual([7, 3]);
  expect(numbers(client.getQueryData(imageList({ trash: true }).queryKey))).toEqual([9, 5]);
  expect(findImage(client, picture(5).id)?.deleted_at).not.toBeNull();
  settle(client, [{ image: picture(5), before: picture(5, { deleted_at }) }]);
  expect(numbers(client.getQueryData(key))).toEqual([7, 5, 3]);
});
