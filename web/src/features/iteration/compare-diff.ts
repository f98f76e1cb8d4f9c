/** What differs between pictures in how they were made. */
import type { ImageOut } from "@/api/types.gen";
import { formatBytes, formatNumber } from "@/lib/format";
import { operationName } from "./tree-words";

export type DiffPart = { kind: "same" | "gone" | "new"; text: string };

/** Longer texts are compared as a whole: the table of their words would be too large. */
const MOST_WORDS = 3_000;

/** What was taken from `before` and what came in `after`, by words. */
export function diffWords(before: string, after: string): DiffPart[] {
  const [one, two] = [wordsIn(before), wordsIn(after)];
  let start = 0;
  while (start < one.length && one[start] === two[start]) start += 1;
  let end = 0;
  const shorter = Math.min(one.length, two.length) - start;
  while (end < shorter && one[one.length - 1 - end] === two[two.length - 1 - end]) end += 1;
  const gone = one.slice(start, one.length - end);
  const come = two.slice(start, two.length - end);
  const middle =
    Math.max(gone.length, come.length) > MOST_WORDS
      ? [part("gone", gone), part("new", come)]
      : aligned(gone, come);
  return joined([
    part("same", one.slice(0, start)),
    ...middle,
    part("same", one.slice(one.length - end)),
  ]);
}

/** Words with the space after them, and every other mark by itself. */
const wordsIn = (text: string): string[] =>
  text.match(/[\p{L}\p{N}_'’-]+\s*|[^\p{L}\p{N}]\s*/gu) ?? [];

const part = (kind: DiffPart["kind"], words: string[]): DiffPart => ({
  kind,
  text: words.join(""),
});

/** Along the longest common subsequence. */
function aligned(one: string[], two: string[]): DiffPart[] {
  const width = two.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = one.length - 1; row >= 0; row -= 1)
    for (let column = two.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        one[row] === two[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const parts: DiffPart[] = [];
  let [row, column] = [0, 0];
  while (row < one.length || column < two.length) {
    const [left, right] = [one[row], two[column]];
    if (left !== undefined && left === right) {
      parts.push({ kind: "same", text: left });
      row += 1;
      column += 1;
    } else if (
      left !== undefined &&
      (right === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      parts.push({ kind: "gone", text: left });
      row += 1;
    } else {
      parts.push({ kind: "new", text: right ?? "" });
      column += 1;
    }
  }
  return parts;
}

function joined(parts: DiffPart[]): DiffPart[] {
  const made: DiffPart[] = [];
  for (const { kind, text } of parts) {
    const last = made.at(-1);
    if (text === "") continue;
    if (last?.kind === kind) last.text += text;
    else made.push({ kind, text });
  }
  return made;
}

/** One setting of every picture; undefined where a picture has none. `words` are compared word by word. */
export type SettingRow = { name: string; values: (string | undefined)[]; words?: boolean };

/** Every setting that at least one picture has. */
export function settingsOf(images: readonly ImageOut[]): SettingRow[] {
  const row = (name: string, read: (image: ImageOut) => unknown, words = false): SettingRow => ({
    name,
    values: images.map((image) => shown(read(image))),
    ...(words && { words }),
  });
  const known = new Set(["prompt", "negative_prompt", "seed", "width", "height", "model"]);
  const parameters = new Set(
    images.flatMap(({ parameters }) => Object.keys(parameters)).filter((name) => !known.has(name)),
  );
  return [
    row("Prompt", ({ prompt }) => prompt, true),
    row("Negative prompt", ({ negative_prompt }) => negative_prompt, true),
    row("Operation", ({ operation }) => operationName(operation)),
    row("Model", ({ model }) => model),
    row("Version", ({ model_version }) => model_version),
    row("Seed", ({ seed }) => seed),
    row("Size", ({ width, height }) => `${formatNumber(width)} × ${formatNumber(height)}`),
    ...[...parameters]
      .sort()
      .map((name) => row(operationName(name), (image) => image.parameters[name])),
    row("File", ({ format, file_size }) => `${format.toUpperCase()}, ${formatBytes(file_size)}`),
    row("Cost", ({ cost_credits }) => (cost_credits > 0 ? formatNumber(cost_credits) : null)),
  ].filter(({ values }) => values.some((value) => value !== undefined));
}

export const differs = ({ values }: SettingRow): boolean => new Set(values).size > 1;

function shown(value: unknown): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
