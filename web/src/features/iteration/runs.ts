/** What was begun from a picture and is underway, or has just ended. Events keep it true. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { cancelGenerationMutation, listVersionsQueryKey } from "@/api/@tanstack/react-query.gen";
import { getGeneration, listQueue } from "@/api/sdk.gen";
import type { GenerationOut, ImageOut } from "@/api/types.gen";
import { isRunning, putGeneration } from "@/features/generation/feed";
import { newKey, useKeyed } from "@/features/generation/submit";
import { settle } from "@/features/library/image-cache";
import { findImage } from "@/features/library/image-lists";
import { reasonOf } from "@/lib/problem";
import { type GenerationEvent, useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";
import { notify } from "@/ui/notify";
import { send, type Wish } from "./wish";

/** A running one is asked after this often, should its last event have been lost. */
const SILENCE_MS = 5_000;

type Runs = readonly GenerationOut[];
const runsKey = (image: string) => ["iteration-runs", image] as const;

/** The runs of one picture, newest first. */
export function useRuns(image: string) {
  const client = useQueryClient();
  const { data = [] } = useQuery({
    queryKey: runsKey(image),
    queryFn: async ({ signal }): Promise<Runs> => {
      const { data } = await listQueue({ query: { limit: 100 }, signal, throwOnError: true });
      const mine = data.items.filter(({ parent_image_id }) => parent_image_id === image);
      const known = client.getQueryData<Runs>(runsKey(image)) ?? [];
      return mine.reduce<Runs>(withRun, known);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const refresh = ({ id }: { id: string }) => {
    if (knows(client, image, id)) void refreshRun(client, image, id);
  };
  const advance = (event: GenerationEvent) => advanceRun(client, image, event);
  useStudioEvent("generation.queued", refresh);
  useStudioEvent("generation.started", advance);
  useStudioEvent("generation.progress", advance);
  useStudioEvent("generation.completed", refresh);
  useStudioEvent("generation.failed", refresh);
  useStudioEvent("generation.cancelled", refresh);
  const refreshRunning = () => data.filter(isRunning).forEach(refresh);
  useStreamCatchUp(refreshRunning);
  const running = data
    .filter(isRunning)
    .map(({ id }) => id)
    .join();
  useEffect(() => {
    if (!running) return;
    const ask = () => running.split(",").forEach((id) => void refreshRun(client, image, id));
    const timer = setInterval(ask, SILENCE_MS);
    return () => clearInterval(timer);
  }, [client, image, running]);
  const cancelling = useMutation({
    ...cancelGenerationMutation(),
    onSuccess: (made) => putRun(client, image, made),
    onError: (error, { path }) => {
      void refreshRun(client, image, path.id);
      notify({ kind: "error", title: "It was not cancelled", description: reasonOf(error) });
    },
  });
  return {
    runs: data,
    cancel: ({ id }: GenerationOut) => cancelling.mutate({ path: { id } }),
    dismiss: ({ id }: GenerationOut) =>
      client.setQueryData<Runs>(runsKey(image), (runs = []) => runs.filter((run) => run.id !== id)),
  };
}

export type Begin = (wish: Wish) => Promise<GenerationOut>;

/** Begins something, each request once. */
export function useBegin(image: ImageOut): Begin {
  const client = useQueryClient();
  const keyed = useKeyed();
  const { id } = image;
  return async (wish) => {
    const made = await keyed(JSON.stringify([id, wish]), (key) => send(id, wish, key));
    putRun(client, id, made);
    return made;
  };
}

/** Begins something of any picture: asked for once, each time another. */
export async function beginOnce(client: QueryClient, id: string, wish: Wish): Promise<void> {
  putRun(client, id, await send(id, wish, newKey()));
}

/** A run in its place; what has ended does not run again because of an answer that was slow. */
export function withRun(runs: Runs, made: GenerationOut): Runs {
  const before = runs.find(({ id }) => id === made.id);
  if (!before) return [made, ...runs];
  if (!isRunning(before) && isRunning(made)) return runs;
  return runs.map((run) => (run.id === made.id ? made : run));
}

/** A step was done: progress of one run never goes back. */
export function advanced(runs: Runs, { id, progress }: GenerationEvent): Runs {
  return runs.map((run) => {
    if (run.id !== id || !isRunning(run)) return run;
    const further = progress && progress.percent >= run.progress.percent;
    return {
      ...run,
      status: "processing",
      position: null,
      started_at: run.started_at ?? new Date().toISOString(),
      progress: further ? { ...run.progress, ...progress } : run.progress,
    };
  });
}

function knows(client: QueryClient, image: string, id: string): boolean {
  return client.getQueryData<Runs>(runsKey(image))?.some((run) => run.id === id) ?? false;
}

function putRun(client: QueryClient, image: string, made: GenerationOut) {
  const before = client.getQueryData<Runs>(runsKey(image)) ?? [];
  const runs = withRun(before, made);
  client.setQueryData<Runs>(runsKey(image), runs);
  putGeneration(client, made);
  if (made.status === "completed" && made.operation === "edit") showEdited(client, made.images);
}

/** An edit changes the picture itself. */
export function showEdited(client: QueryClient, images: readonly ImageOut[]) {
  settle(
    client,
    images.map((image) => ({ image, before: findImage(client, image.id) })),
  );
  for (const { id } of images)
    void client.invalidateQueries({ queryKey: listVersionsQueryKey({ path: { id } }) });
}

function advanceRun(client: QueryClient, image: string, event: GenerationEvent) {
  if (knows(client, image, event.id))
    client.setQueryData<Runs>(runsKey(image), (runs = []) => advanced(runs, event));
}

async function refreshRun(client: QueryClient, image: string, id: string): Promise<void> {
  // One that cannot be had stays as it is; it is asked for again.
  const answer = await getGeneration({ path: { id }, throwOnError: true }).catch(() => null);
  if (answer && knows(client, image, id)) putRun(client, image, answer.data);
}
