/** What of A/B is in view, as the address says. */
export type AbView = "new" | "earlier" | "wins";
export type AbSearch = { view?: AbView; pair?: string };

const VIEWS: readonly string[] = ["new", "earlier", "wins"] satisfies AbView[];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readAb({ view, pair }: Record<string, unknown>): AbSearch {
  return {
    view: typeof view === "string" && VIEWS.includes(view) ? (view as AbView) : undefined,
    pair: typeof pair === "string" && ID.test(pair) ? pair : undefined,
  };
}
