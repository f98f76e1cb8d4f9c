/** Pairs to judge, judged ones and what wins. Events keep what is shown true in every tab. */
import {
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  comparisonStatsOptions,
  deleteComparisonMutation,
  getComparisonOptions,
  getComparisonQueryKey,
  voteComparisonMutation,
} from "@/api/@tanstack/react-query.gen";
import { createComparisons, estimateComparisons, listComparisons } from "@/api/sdk.gen";
import type { ComparisonIn, ComparisonOut, RoundOut, VoteIn } from "@/api/types.gen";
import { useRested } from "@/features/generation/estimate";
import { useKeyed } from "@/features/generation/submit";
import { useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";

export type Vote = VoteIn["vote"];

const LISTS = "comparisons";
const PAGE = 20;
/** So many waiting pairs are looked through for the next one. */
const WAITING = 100;
/** A pair underway is asked after this often, should its last event have been lost. */
const SILENCE_MS = 5_000;

/** Asks anew for everything that shows comparisons. */
function refresh(client: QueryClient) {
  void client.invalidateQueries({ queryKey: [LISTS] });
  void client.invalidateQueries({
    predicate: ({ queryKey: [first] }) => {
      const id = (first as { _id?: string } | undefined)?._id;
      return id === "getComparison" || id === "comparisonStats";
    },
  });
}

export function useComparisonEvents(): void {
  const client = useQueryClient();
  const changed = () => refresh(client);
  useStudioEvent("generation.completed", changed);
  useStudioEvent("generation.failed", changed);
  useStudioEvent("generation.cancelled", changed);
  useStudioEvent("comparison.judged", changed);
  useStreamCatchUp(changed);
}

/** The pairs without a vote, in the order in which they were asked for. */
export function useWaiting() {
  return useQuery({
    queryKey: [LISTS, "waiting"],
    queryFn: async ({ signal }) => {
      const query = { judged: false, limit: WAITING };
      const { data } = await listComparisons({ query, signal, throwOnError: true });
      return data.items.toReversed();
    },
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === "running") ? SILENCE_MS : false,
  });
}

/** The pair to judge now: the first that can be judged, else the first that is being made. */
export function nextOf(waiting: readonly ComparisonOut[], after?: string): ComparisonOut | null {
  const others = waiting.filter(({ id }) => id !== after);
  const first = (status: ComparisonOut["status"]) => others.find((pair) => pair.status === status);
  return first("ready") ?? first("running") ?? null;
}

export function usePair(id: string) {
  return useQuery({
    ...getComparisonOptions({ path: { id } }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? SILENCE_MS : false),
  });
}

/** Those with a vote, and those that cannot have one, the newest first. */
export function useEarlier() {
  return useInfiniteQuery({
    queryKey: [LISTS, "all"],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      return (await listComparisons({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export const useStats = () => useQuery(comparisonStatsOptions());

export function useVote() {
  const client = useQueryClient();
  return useMutation({
    ...voteComparisonMutation(),
    onSuccess: (pair) => {
      client.setQueryData(getComparisonQueryKey({ path: { id: pair.id } }), pair);
      refresh(client);
    },
  });
}

export function useForget() {
  const client = useQueryClient();
  return useMutation({ ...deleteComparisonMutation(), onSuccess: () => refresh(client) });
}

/** Asks for pairs, each request once. */
export function useAsk() {
  const client = useQueryClient();
  const keyed = useKeyed();
  return async (body: ComparisonIn): Promise<RoundOut> => {
    const { data } = await keyed(JSON.stringify(body), (key) =>
      createComparisons({ body, headers: { "Idempotency-Key": key }, throwOnError: true }),
    );
    refresh(client);
    return data;
  };
}

/** What they would cost, once the form rests; `refusal` is what is wrong with it. */
export function usePairsPrice(body: ComparisonIn | null) {
  const client = useQueryClient();
  const rested = useRested(body ? JSON.stringify(body) : "");
  const { data, error } = useQuery({
    queryKey: ["comparisons-price", rested],
    queryFn: async ({ signal }) =>
      (await estimateComparisons({ body: JSON.parse(rested), signal, throwOnError: true })).data,
    enabled: rested !== "",
    staleTime: 60_000,
    retry: false,
  });
  useStudioEvent(
    "credits.changed",
    () => void client.invalidateQueries({ queryKey: ["comparisons-price"] }),
  );
  return body && rested === JSON.stringify(body)
    ? { price: data, refusal: error }
    : { price: undefined, refusal: null };
}
