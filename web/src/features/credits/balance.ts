/** The workspace's credits. They are asked for once; events keep them true. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getBalanceOptions, getBalanceQueryKey } from "@/api/@tanstack/react-query.gen";
import { formatCredits } from "@/lib/format";
import { useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";
import { notify } from "@/ui/notify";

export function useBalance() {
  return useQuery({ ...getBalanceOptions(), staleTime: 5 * 60_000 });
}

/** Asks again when credits moved, and tells of spending that comes near its limit. Mounted once, in the frame. */
export function useFollowedBalance() {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: getBalanceQueryKey() });
  useStudioEvent("credits.changed", refresh);
  useStreamCatchUp(refresh);
  useStudioEvent("spending.alerted", ({ threshold, spent, limit }) => {
    notify({
      kind: threshold >= 100 ? "error" : "info",
      title: `${threshold} % of this month's limit is spent`,
      description: `${formatCredits(spent)} of ${formatCredits(limit)}.`,
    });
  });
  return useBalance();
}
