/** What means more than its words in a prompt: weights such as `(fox:1.3)` and `[fox]`, variables such as `{a|b}`. */

export type Mark = "weight" | "variable";
export type Part = { text: string; mark: Mark | null };

/** A weight in brackets with a number, one in square brackets, a variable or choice in braces; `\\` makes it plain. */
const MARKED = /\\.|(\([^()\n]+:\s*\d+(?:\.\d+)?\s*\)|\[[^[\]\n]+\])|(\{[^{}\n]+\})/gu;

/** The prompt in parts, which together are the prompt again. */
export function partsOf(prompt: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of prompt.matchAll(MARKED)) {
    const [text, weight] = found;
    if (text.startsWith("\\")) continue;
    if (found.index > end) parts.push({ text: prompt.slice(end, found.index), mark: null });
    parts.push({ text, mark: weight ? "weight" : "variable" });
    end = found.index + text.length;
  }
  if (end < prompt.length) parts.push({ text: prompt.slice(end), mark: null });
  return parts;
}

export function hasMark(prompt: string, mark: Mark): boolean {
  return partsOf(prompt).some((part) => part.mark === mark);
}
