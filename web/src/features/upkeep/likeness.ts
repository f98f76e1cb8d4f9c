/** What counts as a duplicate, as it stands in the address; apart, for every page knows how to read its own. */
export const NEAREST = 0;
export const FARTHEST = 10;
export const USUAL = 5;

/** What counts as a duplicate: the same bytes, or hashes that differ in so many bits. */
export type Likeness = { exact?: true | undefined; distance?: number | undefined };

/** Takes from an address what it knows, and drops the rest. */
export function readLikeness(search: Record<string, unknown>): Likeness {
  const { exact, distance } = search;
  const known =
    typeof distance === "number" && Number.isInteger(distance) && distance !== USUAL
      ? Math.min(Math.max(distance, NEAREST), FARTHEST)
      : undefined;
  return { exact: exact === true ? true : undefined, distance: known };
}
