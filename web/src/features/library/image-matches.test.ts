import { expect, it } from "vitest";
import { matches } from "./image-matches";
import { picture } from "./test-images";

const image = picture(1, {
  tags: ["animals", "winter"],
  rating: 4,
  is_favorite: true,
  width: 1024,
  height: 512,
});

it.each([
  [{}, true],
  [{ trashed: true }, false],
  [{ model: "sketch/sketch-1", provider: "sketch" }, true],
  [{ provider: "fal" }, false],
  [{ project_id: "none" as const }, true],
  [{ favorite: false }, false],
  [{ rating_min: 4 }, true],
  [{ rating_min: 5 }, false],
  [{ rating_max: 3 }, false],
  [{ tags: ["animals", "summer"] }, false],
  [{ tags: ["animals", "summer"], tags_mode: "any" as const }, true],
  [{ tags: ["summer"], tags_mode: "none" as const }, true],
  [{ aspect: "landscape" as const, width_min: 1000, height_max: 600 }, true],
  [{ width_max: 1000 }, false],
  [{ q: "fox" }, null],
  [{ q: "fox", favorite: false }, false],
])("%o: %s", (query, expected) => {
  expect(matches(image, query)).toBe(expected);
});

it("does not count one without a rating as badly rated", () => {
  expect(matches(picture(1), { rating_max: 3 })).toBe(false);
});
