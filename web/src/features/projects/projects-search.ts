/** What stands in the address of the projects. */
import type { Shelf } from "./projects";

const SHELVES = ["open", "archive", "templates"] as const;

export type ProjectsSearch = { shelf?: Shelf | undefined; q?: string | undefined };

export function readSearch({ shelf, q }: Record<string, unknown>): ProjectsSearch {
  const known = SHELVES.find((name) => name === shelf);
  return {
    shelf: known === "open" ? undefined : known,
    q: typeof q === "string" && q !== "" && q.length <= 200 ? q : undefined,
  };
}
