/** What the form's request would cost, asked of the server when the settings rest: its formula is the charge. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { estimateGeneration } from "@/api/sdk.gen";
import type { EstimateOut, ModelOut } from "@/api/types.gen";
import { useStudioEvent } from "@/lib/studio-events";
import { type Draft, toBody } from "./draft";

const QUIET_MS = 300;
const KEY = "estimate";

/** Undefined while it is not known, or while the settings are not such that they could be submitted. */
export function useEstimate(model: ModelOut | undefined, draft: Draft): EstimateOut | undefined {
  const client = useQueryClient();
  const priced = model !== undefined && !model.cost.free;
  const settings = useRested(priced ? settingsOf(draft, model) : "");
  const { data, isError } = useQuery({
    queryKey: [KEY, settings],
    queryFn: async ({ signal }) => {
      const body = JSON.parse(settings);
      return (await estimateGeneration({ body, signal, throwOnError: true })).data;
    },
    enabled: priced && settings !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  useStudioEvent("credits.changed", () => void client.invalidateQueries({ queryKey: [KEY] }));
  return priced && !isError ? data : undefined;
}

/** The request without what has no part in the price, so that writing a prompt asks for nothing. */
function settingsOf(draft: Draft, model: ModelOut): string {
  const { prompt: _, negative_prompt: __, seed: ___, ...settings } = toBody(draft, model);
  return JSON.stringify(settings);
}

/** `value` as soon as it has not changed for a moment; the first one at once. */
export function useRested(value: string): string {
  const [rested, rest] = useState(value);
  useEffect(() => {
    if (value === rested) return;
    const timer = setTimeout(() => rest(value), rested === "" ? 0 : QUIET_MS);
    return () => clearTimeout(timer);
  }, [value, rested]);
  return rested;
}
