/** One picture made from another, from the request to what came of it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { getGenerationOptions } from "@/api/@tanstack/react-query.gen";
import { cancelGeneration, estimateIteration } from "@/api/sdk.gen";
import type { GenerationOut, IterationEstimateIn, ModelOut } from "@/api/types.gen";
import { useRested } from "@/features/generation/estimate";
import { isRunning, putGeneration } from "@/features/generation/feed";
import { newKey } from "@/features/generation/submit";
import { reasonOf } from "@/lib/problem";
import { mayPass } from "@/lib/query-client";
import { useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";
import { notify } from "@/ui/notify";

/** A running one is asked after so often, should an event have been lost. */
const SILENCE_MS = 8_000;

type Send = (headers: { "Idempotency-Key": string }) => Promise<GenerationOut>;

export function useMaking() {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const pending = useRef<{ key: string; body: string } | null>(null);
  const options = getGenerationOptions({ path: { id: id ?? "" } });
  const { data } = useQuery({
    ...options,
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? SILENCE_MS : false),
  });

  const refresh = (event: { id: string }) => {
    if (event.id === id) void client.invalidateQueries({ queryKey: options.queryKey });
  };
  useStudioEvent("generation.started", refresh);
  useStudioEvent("generation.progress", ({ id: its, progress }) => {
    if (its !== id || !progress) return;
    client.setQueryData<GenerationOut>(options.queryKey, (known) =>
      known && isRunning(known)
        ? { ...known, status: "processing", progress: { ...known.progress, ...progress } }
        : known,
    );
  });
  useStudioEvent("generation.completed", refresh);
  useStudioEvent("generation.failed", refresh);
  useStudioEvent("generation.cancelled", refresh);
  useStreamCatchUp(() => id && refresh({ id }));

  /** `body` tells requests apart: one whose answer was lost keeps its key, and is never made twice. */
  const submit = async (body: string, send: Send) => {
    if (sending) return;
    if (pending.current?.body !== body) pending.current = { key: newKey(), body };
    setSending(true);
    setRefusal(null);
    try {
      const made = await send({ "Idempotency-Key": pending.current.key });
      pending.current = null;
      putGeneration(client, made);
      const { queryKey } = getGenerationOptions({ path: { id: made.id } });
      client.setQueryData(queryKey, made);
      setId(made.id);
    } catch (error) {
      if (!mayPass(error)) pending.current = null;
      setRefusal(error);
    } finally {
      setSending(false);
    }
  };
  const cancel = async () => {
    if (!id) return;
    try {
      const { data: ended } = await cancelGeneration({ path: { id }, throwOnError: true });
      client.setQueryData(options.queryKey, ended);
      putGeneration(client, ended);
    } catch (error) {
      notify({ kind: "error", title: "It was not cancelled", description: reasonOf(error) });
    }
  };
  const generation = id !== null ? (data ?? null) : null;
  const result = generation?.status === "completed" ? generation.images[0] : undefined;
  const running = generation !== null && isRunning(generation);
  return {
    generation,
    result,
    running,
    sending,
    refusal,
    submit,
    cancel,
    leave: () => setId(null),
  };
}

export type Making = ReturnType<typeof useMaking>;

/** What it would cost, once the settings rest; undefined while that is not known. */
export function useIterationPrice(
  imageId: string,
  model: ModelOut | undefined,
  wish: IterationEstimateIn | null,
) {
  const body = useRested(model && wish ? JSON.stringify({ ...wish, model: model.id }) : "");
  const { data } = useQuery({
    queryKey: ["iteration-estimate", imageId, body],
    queryFn: async ({ signal }) => {
      const asked: IterationEstimateIn = JSON.parse(body);
      const path = { id: imageId };
      return (await estimateIteration({ path, body: asked, signal, throwOnError: true })).data;
    },
    enabled: body !== "",
    staleTime: 60_000,
    retry: false,
  });
  return wish ? data : undefined;
}
