import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const AA_TEXT = 4.5;
const AA_SHAPE = 3;

type Theme = "light" | "dark";
const css = readFileSync("src/ui/tokens.css", "utf8").split("@media")[0] ?? "";
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]),
);

function colour(name: string, theme: Theme): string {
  const value = tokens.get(name) ?? "";
  const pair = value.match(/light-dark\((#\w+),\s*(#\w+)\)/);
  return (theme === "light" ? pair?.[1] : pair?.[2]) ?? value;
}

/** Relative luminance after WCAG 2.1. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a, b] = [luminance(colour(one, theme)), luminance(colour(other, theme))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const GROUNDS = ["background", "surface", "card", "popover", "subtle"];
const TEXTS = [
  "foreground",
  "muted-foreground",
  "primary-text",
  "highlight-text",
  "destructive-text",
];
const pairs: [string, string, number][] = [
  ...GROUNDS.flatMap((ground) =>
    TEXTS.map((text) => [text, ground, AA_TEXT] as [string, string, number]),
  ),
  ...["background", "card", "subtle"].map(
    (ground) => ["ring", ground, AA_SHAPE] as [string, string, number],
  ),
  ...["background", "card", "popover"].map(
    (ground) => ["input", ground, AA_SHAPE] as [string, string, number],
  ),
  ["muted-foreground", "muted", AA_TEXT],
  ["accent-foreground", "accent", AA_TEXT],
  ["subtle-foreground", "subtle", AA_TEXT],
  ["primary-foreground", "primary", AA_TEXT],
  ["primary-foreground", "primary-hover", AA_TEXT],
  ["primary-soft-foreground", "primary-soft", AA_TEXT],
  ["foreground", "primary-soft", AA_TEXT],
  ["destructive-foreground", "destructive", AA_TEXT],
  ["destructive-foreground", "destructive-hover", AA_TEXT],
  ["destructive-text", "destructive-soft", AA_TEXT],
  ["warning-text", "warning-soft", AA_TEXT],
  ["success-text", "success-soft", AA_TEXT],
];

it.each(["light", "dark"] as const)("every pair is readable in %s", (theme) => {
  const poor = pairs
    .map(([one, other, least]) => ({
      pair: `${one} on ${other}`,
      least,
      is: contrast(one, other, theme),
    }))
    .filter(({ least, is }) => !(is >= least))
    .map(({ pair, is }) => `${pair}: ${is.toFixed(2)}`);
  expect(poor).toEqual([]);
});
