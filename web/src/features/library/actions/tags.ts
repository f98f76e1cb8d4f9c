/** Tags as a person writes them. */
const MOST = 8;

/** As the server keeps it: composed, with single spaces. */
export const cleaned = (tag: string): string => tag.normalize("NFC").trim().replaceAll(/\s+/g, " ");

/** The tags in use that what is typed may become; those that begin with it come first. */
export function suggested(
  known: readonly string[],
  text: string,
  taken: readonly string[],
): string[] {
  const words = cleaned(text).toLowerCase();
  const free = known.filter((tag) => !taken.includes(tag) && tag.toLowerCase().includes(words));
  const begins = (tag: string) => Number(tag.toLowerCase().startsWith(words));
  return free.sort((one, other) => begins(other) - begins(one)).slice(0, MOST);
}

/** The tags with some added and others taken away, each once. */
export function retagged(
  tags: readonly string[],
  add: readonly string[],
  remove: readonly string[],
): string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag));
}
