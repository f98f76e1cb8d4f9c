/** Which pictures are compared, as the address says. */
export type CompareSearch = { ids?: string; mode?: CompareMode };
export type CompareMode = "slider" | "blink" | "heat";

export const FEWEST = 2;
export const MOST = 4;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MODES: readonly string[] = ["slider", "blink", "heat"] satisfies CompareMode[];

export function readCompare(search: Record<string, unknown>): CompareSearch {
  const { ids, mode } = search;
  const known = typeof ids === "string" ? idsOf(ids) : [];
  return {
    ids: known.length > 0 ? known.join(",") : undefined,
    mode: typeof mode === "string" && MODES.includes(mode) ? (mode as CompareMode) : undefined,
  };
}

/** The ids in the address, each once, and no more than can be compared. */
export function idsOf(ids = ""): string[] {
  return [...new Set(ids.split(",").filter((id) => ID.test(id)))].slice(0, MOST);
}
