import { expect, it } from "vitest";
import { picture } from "../test-images";
import { besideQuery, following } from "./neighbours";

it("asks for what is newer and what is older, by the order of the list", () => {
  const image = picture(5);
  const newer = { created_from: image.created_at, order: "asc", limit: 20 };
  const older = { created_to: image.created_at, order: "desc", limit: 20 };
  expect(besideQuery(image, {}, "previous")).toEqual(newer);
  expect(besideQuery(image, {}, "next")).toEqual(older);
  expect(besideQuery(image, { order: "asc" }, "next")).toEqual(newer);
  expect(besideQuery(image, { trashed: true }, "next")).toEqual({ ...older, trashed: true });
});

it("finds the one after, also among pictures of one moment", () => {
  const moment = picture(5).created_at;
  const twins = [
    picture(4, { created_at: moment }),
    picture(5),
    picture(6, { created_at: moment }),
  ];
  expect(following(twins, picture(5))?.seed).toBe(6);
  expect(following([picture(5)], picture(5))).toBeUndefined();
  expect(following([picture(7)], picture(5))?.seed).toBe(7);
});
