import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { settle, withImage } from "./image-cache";
import { findImage, type ImageList, imageList } from "./image-lists";
import { page, picture } from "./test-images";

const list = (more: string | null = null): ImageList => ({
  pages: [page([picture(9), picture(7)], "a", 5), page([picture(5), picture(3)], more, null)],
  pageParams: [null, "a"],
});
const numbers = (of: ImageList) => of.pages.flatMap(({ items }) => items.map(({ seed }) => seed));
const total = (of: ImageList) => of.pages[0]?.total;

it("puts a new picture in its place by time", () => {
  for (const [at, order] of [
    [10, [10, 9, 7, 5, 3]],
    [8, [9, 8, 7, 5, 3]],
    [6, [9, 7, 6, 5, 3]],
    [1, [9, 7, 5, 3, 1]],
  ] as const) {
    const next = withImage(list(), {}, picture(at));
    expect(numbers(next)).toEqual(order);
    expect(total(next)).toBe(6);
  }
});

it("counts one that belongs beyond the loaded pages, and leaves it there", () => {
  const next = withImage(list("b"), {}, picture(1));
  expect(numbers(next)).toEqual([9, 7, 5, 3]);
  expect(total(next)).toBe(6);
});

it("takes a deleted picture out of the library and into the trash", () => {
  const gone = picture(7, { deleted_at: "2026-11-20T00:00:00Z" });
  const library = withImage(list(), {}, gone, picture(7));
  expect(numbers(library)).toEqual([9, 5, 3]);
  expect(total(library)).toBe(4);
  const trash = withImage(
    { pages: [page([], null, 0)], pageParams: [null] },
    { trashed: true },
    gone,
  );
  expect(numbers(trash)).toEqual([7]);
  expect(total(trash)).toBe(1);
});

it("counts a deletion once, however often it is told", () => {
  const gone = picture(7, { deleted_at: "2026-11-20T00:00:00Z" });
  const once = withImage(list(), {}, gone, picture(7));
  expect(withImage(once, {}, gone, gone)).toBe(once);
});

it("keeps to the filter and the order of a list", () => {
  expect(withImage(list(), { aspect: "portrait" }, picture(8))).toEqual(list());
  const oldest: ImageList = {
    pages: [page([picture(1), picture(3)], null, 2)],
    pageParams: [null],
  };
  expect(numbers(withImage(oldest, { order: "asc" }, picture(2)))).toEqual([1, 2, 3]);
  const until = { created_to: picture(8).created_at };
  expect(numbers(withImage(list(), until, picture(10)))).toEqual([9, 7, 5, 3]);
});

it("leaves the other pages as they are, so that nothing is drawn anew", () => {
  const before = list();
  const after = withImage(before, {}, picture(4));
  expect(after.pages[1]).not.toBe(before.pages[1]);
  expect(after.pages[0]?.items).toBe(before.pages[0]?.items);
});

it("settles a picture in every list and on its own", () => {
  const client = new QueryClient();
  client.setQueryData(imageList({}).queryKey, list());
  client.setQueryData(imageList({ trash: true }).queryKey, {
    pages: [page([], null, 0)],
    pageParams: [null],
  });
  settle(client, picture(5, { deleted_at: "2026-11-20T00:00:00Z" }));
  expect(numbers(client.getQueryData(imageList({}).queryKey) as ImageList)).toEqual([9, 7, 3]);
  const trash = client.getQueryData(imageList({ trash: true }).queryKey) as ImageList;
  expect(numbers(trash)).toEqual([5]);
  expect(findImage(client, picture(5).id)?.deleted_at).not.toBeNull();
  settle(client, picture(5));
  expect(numbers(client.getQueryData(imageList({}).queryKey) as ImageList)).toEqual([9, 7, 5, 3]);
});
