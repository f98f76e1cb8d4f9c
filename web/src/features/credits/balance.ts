/** The workspace's credits. They are asked for once; events keep them true. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getBalanceOptions, getBalanceQueryKey } from "@/api/@tanstack/react-query.gen";
import { useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";

export function useBalance() {
  return useQuery({ ...getBalanceOptions(), staleTime: 5 * 60_000 });
}

/** Asks again when credits moved. Mounted once, in the frame. */
export function useFollowedBalance() {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: getBalanceQueryKey() });
  useStudioEvent("credits.changed", refresh);
  useStreamCatchUp(refresh);
  return useBalance();
}
