import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { readStored } from "./stored";
import { chooseTheme, toTheme } from "./theme";

const root = document.documentElement;
/** What the page runs before its first paint. */
const early = () => new Function(readFileSync("public/theme.js", "utf8"))();

describe("theme", () => {
  beforeEach(() => delete root.dataset.theme);

  it("is put on the page and kept", () => {
    chooseTheme("dark");
    expect(root.dataset.theme).toBe("dark");
    expect(readStored("theme")).toBe("dark");
  });

  it("follows the system when nothing is chosen", () => {
    chooseTheme("light");
    chooseTheme("system");
    expect(root.dataset.theme).toBeUndefined();
    expect(readStored("theme")).toBeNull();
    expect(toTheme("purple")).toBe("system");
  });

  it("is there before the first paint", () => {
    chooseTheme("dark");
    delete root.dataset.theme;
    early();
    expect(root.dataset.theme).toBe("dark");
  });
});
