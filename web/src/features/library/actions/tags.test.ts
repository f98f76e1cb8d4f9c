import { expect, it } from "vitest";
import { cleaned, retagged, suggested } from "./tags";

it("completes from tags in use, beginnings first, without those that are there", () => {
  const known = ["animals", "sea animals", "winter", "Anime"];
  expect(suggested(known, "ani", [])).toEqual(["animals", "Anime", "sea animals"]);
  expect(suggested(known, "", ["winter"])).toEqual(["animals", "sea animals", "Anime"]);
  expect(suggested(known, "x", [])).toEqual([]);
});

it("keeps a tag once, as the server writes it", () => {
  expect(cleaned("  red   fox ")).toBe("red fox");
  expect(cleaned("Cafe\u0301")).toBe("Café");
  expect(retagged(["a", "b"], ["b", "c"], ["a"])).toEqual(["b", "c"]);
});
