/** What something made of a picture would cost, asked of the server: its formula is the charge. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { estimateIteration } from "@/api/sdk.gen";
import type { IterationEstimateIn } from "@/api/types.gen";
import { useStudioEvent } from "@/lib/studio-events";

const KEY = "iteration-price";

export function usePrice(image: string, body: IterationEstimateIn, wanted = true) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: [KEY, image, body],
    queryFn: async ({ signal }) =>
      (await estimateIteration({ path: { id: image }, body, signal, throwOnError: true })).data,
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  useStudioEvent("credits.changed", () => void client.invalidateQueries({ queryKey: [KEY] }));
  return { price: query.isError ? undefined : query.data, refusal: query.error };
}
