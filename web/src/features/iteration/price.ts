/** What something made of a picture would cost, asked of the server: its formula is the charge. */
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { estimateIteration } from "@/api/sdk.gen";
import type { IterationEstimateIn, ModelOut } from "@/api/types.gen";
import { useRested } from "@/features/generation/estimate";
import { useStudioEvent } from "@/lib/studio-events";

const KEY = "iteration-price";

export const priceQuery = (image: string, body: IterationEstimateIn) =>
  queryOptions({
    queryKey: [KEY, image, body],
    queryFn: async ({ signal }) =>
      (await estimateIteration({ path: { id: image }, body, signal, throwOnError: true })).data,
    staleTime: 60_000,
    retry: false,
  });

export function usePrice(image: string, body: IterationEstimateIn, wanted = true) {
  const client = useQueryClient();
  const query = useQuery({
    ...priceQuery(image, body),
    enabled: wanted,
    placeholderData: keepPreviousData,
  });
  useStudioEvent("credits.changed", () => void client.invalidateQueries({ queryKey: [KEY] }));
  return { price: query.isError ? undefined : query.data, refusal: query.error };
}

/** The same once the settings rest; undefined while there is no wish. */
export function useRestedPrice(
  image: string,
  model: ModelOut | undefined,
  wish: IterationEstimateIn | null,
) {
  const text = useRested(model && wish ? JSON.stringify({ ...wish, model: model.id }) : "");
  const body: IterationEstimateIn = text === "" ? { operation: "variation" } : JSON.parse(text);
  const { price } = usePrice(image, body, text !== "");
  return wish && text !== "" ? price : undefined;
}
