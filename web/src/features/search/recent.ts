/** What was lately run and searched, kept in this browser for one person in one workspace. */
import { readStored, writeStored } from "@/lib/stored";
import { actingName } from "@/lib/workspace";

const MOST = 5;

export type Recent = {
  /** The commands, by their ids, the last one first. */
  commands: readonly string[];
  /** The words that something was found by. */
  searches: readonly string[];
};

const nameFor = (user: string) => `recent ${user} ${actingName()}`;

export function readRecent(user: string): Recent {
  return parseRecent(readStored(nameFor(user)));
}

/** What is kept; nothing of it where it is damaged. */
export function parseRecent(text: string | null): Recent {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    const { commands, searches } = value as Record<string, unknown>;
    return { commands: words(commands), searches: words(searches) };
  } catch {
    return { commands: [], searches: [] };
  }
}

export function keepRecent(user: string, kind: keyof Recent, value: string): void {
  const recent = readRecent(user);
  writeStored(nameFor(user), JSON.stringify({ ...recent, [kind]: first(value, recent[kind]) }));
}

export function forgetRecent(user: string): void {
  writeStored(nameFor(user), null);
}

/** `value` before the others, which it is not among any more. */
export function first(value: string, others: readonly string[]): string[] {
  return [value, ...others.filter((other) => other !== value)].slice(0, MOST);
}

function words(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is string => typeof each === "string").slice(0, MOST);
}
