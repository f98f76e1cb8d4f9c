/** One picture made from another, from the request to what came of it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { getGenerationOptions } from "@/api/@tanstack/react-query.gen";
import { cancelGeneration } from "@/api/sdk.gen";
import type { GenerationOut } from "@/api/types.gen";
import { isRunning, putGeneration } from "@/features/generation/feed";
import { useKeyed } from "@/features/generation/submit";
import { reasonOf } from "@/lib/problem";
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
  const keyed = useKeyed();
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

  /** `body` tells requests apart. */
  const submit = async (body: string, send: Send) => {
    if (sending) return;
    setSending(true);
    setRefusal(null);
    try {
      const made = await keyed(body, (key) => send({ "Idempotency-Key": key }));
      putGeneration(client, made);
      const { queryKey } = getGenerationOptions({ path: { id: made.id } });
      client.setQueryData(queryKey, made);
      setId(made.id);
    } catch (error) {
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
