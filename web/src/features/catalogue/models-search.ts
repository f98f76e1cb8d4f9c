/** What the models page shows, as it stands in the address. */
import type { ModelOut, ModelStatsOut } from "@/api/types.gen";

export const SORTS = ["name", "price", "speed", "quality", "success", "p50", "p95"] as const;
export type Sort = (typeof SORTS)[number];
export type ModelsSearch = { q?: string; capability?: string; sort?: Sort; down?: true };
export type Measured = ReadonlyMap<string, ModelStatsOut>;

export function readModelsSearch(search: Record<string, unknown>): ModelsSearch {
  const { q, capability, sort, down } = search;
  const by = SORTS.find((each) => each === sort);
  return {
    ...(typeof q === "string" && q ? { q } : {}),
    ...(typeof capability === "string" && capability ? { capability } : {}),
    ...(by ? { sort: by } : {}),
    ...(by && down === true ? { down: true } : {}),
  };
}

/** Sorted by a column, up first, then down, then as the studio lists them. */
export function nextSort({ sort, down, ...rest }: ModelsSearch, by: Sort): ModelsSearch {
  if (sort !== by) return { ...rest, sort: by };
  return down ? rest : { ...rest, sort: by, down: true };
}

/** Those that a search asks for, in its order; what is not known comes last. */
export function shownModels(models: readonly ModelOut[], search: ModelsSearch, stats: Measured) {
  const words = (search.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter((model) => {
    const { id, name, provider_name, description, best_use, category, capabilities } = model;
    const about = [id, name, provider_name, description, best_use, category]
      .join(" ")
      .toLowerCase();
    return (
      words.every((word) => about.includes(word)) &&
      (!search.capability || capabilities.some((each) => each === search.capability))
    );
  });
  const { sort } = search;
  // As the studio lists them, but what cannot be used yet does not stand before what can.
  if (!sort) return found.sort((a, b) => Number(b.available) - Number(a.available));
  const turn = search.down ? -1 : 1;
  return found.sort((a, b) => {
    const [one, other] = [sortValue(a, sort, stats), sortValue(b, sort, stats)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return turn * (one < other ? -1 : one > other ? 1 : 0);
  });
}

function sortValue(model: ModelOut, sort: Sort, stats: Measured): string | number | null {
  const measured = stats.get(model.id);
  switch (sort) {
    case "name":
      return model.name.toLowerCase();
    case "price":
      return model.cost.free ? 0 : model.cost.credits;
    case "speed":
    case "quality":
      return model[sort];
    case "success":
      return measured?.success_rate ?? null;
    case "p50":
      return measured?.p50_seconds ?? null;
    case "p95":
      return measured?.p95_seconds ?? null;
  }
}
