/** A branch made again: what it would be, what it is, and how far it has come. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { estimateReplay, getReplay, replayBranch, stopReplay } from "@/api/sdk.gen";
import type { ReplayIn, ReplayOut } from "@/api/types.gen";
import { useRested } from "@/features/generation/estimate";
import { useKeyed } from "@/features/generation/submit";
import { reasonOf } from "@/lib/problem";
import { useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";
import { notify } from "@/ui/notify";

/** One that runs is asked after this often, should its last event have been lost. */
const SILENCE_MS = 5_000;
const replayKey = (id: string) => ["replay", id] as const;

/** The steps and the price, asked once the wish rests; nothing while there is no wish. */
export function useReplayPrice(image: string, wish: ReplayIn | null) {
  const text = useRested(wish ? JSON.stringify(wish) : "");
  const query = useQuery({
    queryKey: ["replay-price", image, text],
    queryFn: async ({ signal }) => {
      const body = JSON.parse(text) as ReplayIn;
      return (await estimateReplay({ path: { id: image }, body, signal, throwOnError: true })).data;
    },
    enabled: text !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  const settled = wish !== null && text === JSON.stringify(wish) && !query.isPlaceholderData;
  return {
    price: settled && !query.isError ? query.data : undefined,
    refusal: settled ? query.error : null,
  };
}

/** Begins it, each wish once. */
export function useReplay(image: string) {
  const client = useQueryClient();
  const keyed = useKeyed();
  return async (body: ReplayIn): Promise<ReplayOut> => {
    const made = await keyed(JSON.stringify([image, body]), async (key) => {
      const headers = { "Idempotency-Key": key };
      return (await replayBranch({ path: { id: image }, headers, body, throwOnError: true })).data;
    });
    client.setQueryData(replayKey(made.id), made);
    return made;
  };
}

/** How a replay stands; events keep it true. */
export function useReplayRun(id: string) {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: replayKey(id),
    queryFn: async ({ signal }) =>
      (await getReplay({ path: { id }, signal, throwOnError: true })).data,
    refetchInterval: ({ state }) => (state.data?.finished ? false : SILENCE_MS),
  });
  const refresh = () => void client.invalidateQueries({ queryKey: replayKey(id) });
  const heard = (event: { id: string }) => {
    if (data?.steps.some(({ generation_id }) => generation_id === event.id)) refresh();
  };
  useStudioEvent("generation.started", heard);
  useStudioEvent("generation.completed", heard);
  useStudioEvent("generation.failed", heard);
  useStudioEvent("generation.cancelled", heard);
  useStreamCatchUp(refresh);
  const stopping = useMutation({
    mutationFn: async () => (await stopReplay({ path: { id }, throwOnError: true })).data,
    onSuccess: (now) => client.setQueryData(replayKey(id), now),
    onError: (error) =>
      notify({ kind: "error", title: "It was not stopped", description: reasonOf(error) }),
  });
  return { run: data, stop: () => stopping.mutate(), stopping: stopping.isPending };
}
