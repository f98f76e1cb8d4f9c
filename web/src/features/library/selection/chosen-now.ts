/** The pictures that are chosen in the gallery in view, for what stands outside of it. */
type Chosen = { ids: readonly string[]; clear: () => void };

const NONE: Chosen = { ids: [], clear: () => undefined };
let now = NONE;

export const chosenNow = (): Chosen => now;

/** Says what is chosen, until the answer is called. */
export function publishChosen(ids: readonly string[], clear: () => void): () => void {
  const mine = { ids, clear };
  now = mine;
  return () => {
    if (now === mine) now = NONE;
  };
}
