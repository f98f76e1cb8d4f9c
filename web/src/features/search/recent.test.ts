import { expect, it } from "vitest";
import { asBegun } from "./found";
import { first, keepRecent, parseRecent, readRecent } from "./recent";

it("keeps the last five, the newest first and each once", () => {
  for (const word of ["fox", "owl", "fox", "whale", "bee", "ant", "elk"])
    keepRecent("ada", "searches", word);
  keepRecent("ada", "commands", "page /images");
  expect(readRecent("ada")).toEqual({
    commands: ["page /images"],
    searches: ["elk", "ant", "bee", "whale", "fox"],
  });
  expect(readRecent("bob").searches).toEqual([]);
  expect(first("a", ["b", "a"])).toEqual(["a", "b"]);
});

it("has nothing where what is kept is damaged", () => {
  const nothing = { commands: [], searches: [] };
  for (const text of [null, "", "{", "null", "[]", '{"commands": 3, "searches": [1]}'])
    expect(parseRecent(text)).toEqual(nothing);
});

it("finds what the last word begins, and leaves signs alone", () => {
  expect(asBegun("red fo")).toBe("red fo*");
  expect(asBegun('"red fox"')).toBe('"red fox"');
  expect(asBegun("fo*")).toBe("fo*");
});
