import { expect, it } from "vitest";
import { picture } from "@/features/library/test-images";
import { keptBy } from "./keepers";

const old = picture(1);
const large = picture(2, { width: 4000 });
const rated = picture(3, { rating: 4 });
const loved = [picture(4, { is_favorite: true }), picture(5, { is_favorite: true })];
const all = [old, large, rated, ...loved];
const kept = (...images: { id: string }[]) => new Set(images.map(({ id }) => id));

it("keeps the first by the rule", () => {
  expect(keptBy(all, "oldest")).toEqual(kept(old));
  expect(keptBy(all, "largest")).toEqual(kept(large));
  expect(keptBy(all, "best")).toEqual(kept(rated));
});

it("keeps all favourites, and the best where there is none", () => {
  expect(keptBy(all, "favourite")).toEqual(kept(...loved));
  expect(keptBy([old, large, rated], "favourite")).toEqual(kept(rated));
});

it("always keeps one, whatever is equal", () => {
  const twins = [picture(1), picture(2, { created_at: picture(1).created_at })];
  for (const rule of ["best", "favourite", "largest", "oldest"] as const)
    expect(keptBy(twins, rule)).toEqual(kept(picture(1)));
});
