/** Which pictures of a list are chosen: some by their ids, or all but some. */
export type Selection = {
  /** All that the list is of, whether fetched or not, but for `ids`. */
  every: boolean;
  ids: ReadonlySet<string>;
};

export const NOTHING: Selection = { every: false, ids: new Set() };
export const EVERYTHING: Selection = { every: true, ids: new Set() };

export const includes = ({ every, ids }: Selection, id: string): boolean => ids.has(id) !== every;

/** How many of a list of `total` are chosen. */
export const sizeOf = ({ every, ids }: Selection, total: number): number =>
  every ? Math.max(0, total - ids.size) : ids.size;

/** The selection with these pictures in it, or out of it. */
export function withChosen(
  selection: Selection,
  ids: Iterable<string>,
  chosen: boolean,
): Selection {
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (chosen === selection.every) next.delete(id);
    else next.add(id);
  }
  return { every: selection.every, ids: next };
}

export const toggled = (selection: Selection, id: string): Selection =>
  withChosen(selection, [id], !includes(selection, id));

/** The places from one to another, both included. */
export function placesBetween(one: number, other: number): [number, number] {
  return [Math.min(one, other), Math.max(one, other)];
}
