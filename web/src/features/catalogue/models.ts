/** The models and styles of the studio. They change when the studio is set up anew, and by its administrators. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  listModelStatsOptions,
  listModelsOptions,
  listStylesOptions,
} from "@/api/@tanstack/react-query.gen";
import type { ModelList, ModelOut, ModelStatsOut } from "@/api/types.gen";
import { formatCredits } from "@/lib/format";

const SETTLED_MS = 10 * 60_000;
const models = { ...listModelsOptions(), staleTime: SETTLED_MS };

export function useModels() {
  return useQuery(models);
}

export function useStyles(wanted: boolean) {
  return useQuery({ ...listStylesOptions(), staleTime: SETTLED_MS, enabled: wanted });
}

/** By model how it has done lately; empty until that is known. */
export function useModelStats(): ReadonlyMap<string, ModelStatsOut> {
  const { data } = useQuery(listModelStatsOptions());
  return useMemo(() => new Map(data?.items.map((stats) => [stats.model, stats])), [data]);
}

/** A model under the name that people know; its id where it is not in the studio any more. */
export function useModelName(id: string): string {
  const { data } = useModels();
  return data?.items.find((model) => model.id === id)?.name ?? id;
}

export function makesPictures(model: ModelOut): boolean {
  return model.active && !model.retired && model.capabilities.includes("text-to-image");
}

/** The model to use for `wanted`: itself, else the studio's default, else the first that works. */
export function chooseModel({ items, default: usual }: ModelList, wanted: string) {
  const makers = items.filter(makesPictures);
  const ready = makers.filter(({ available }) => available);
  const named = (id: string) => makers.find((model) => model.id === id);
  return named(wanted) ?? named(usual) ?? ready[0] ?? makers[0];
}

/** "Free", "2 credits", "0.5 credits per megapixel". */
export function priceText({ credits, unit, free }: ModelOut["cost"]): string {
  if (free) return "Free";
  return `${creditsText(credits)} per ${unit === "image" ? "picture" : unit}`;
}

export function creditsText(credits: number): string {
  if (credits === 0) return "Free";
  return formatCredits(credits);
}
