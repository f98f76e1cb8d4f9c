/** Keeps the lists of generations true while a page that shows them is open. */
import { type QueryClient, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getImage } from "@/api/sdk.gen";
import { type GenerationEvent, useStreamCatchUp, useStudioEvent } from "@/lib/studio-events";
import {
  changeGenerations,
  type FeedFilter,
  feedQuery,
  findGeneration,
  isRunning,
  itemsOf,
  refetchFeeds,
  refreshGeneration,
  refreshQueue,
} from "./feed";

/** How often places in the queue are asked for while something waits: other people's work moves them too. */
const QUEUE_MS = 4_000;
/** A running one without news for so long is asked after, should its last event have been lost. */
const SILENCE_MS = 15_000;

/** The newest generations under a filter, kept true by events. */
export function useFeed(filter?: FeedFilter) {
  const client = useQueryClient();
  const refresh = ({ id }: { id: string }) => void refreshGeneration(client, id);
  useStudioEvent("generation.created", refresh);
  useStudioEvent("generations.created", () => refetchFeeds(client));
  useStudioEvent("generation.queued", refresh);
  useStudioEvent("generation.started", (event) => {
    if (!findGeneration(client, event.id)) refresh(event);
    advance(client, event);
  });
  useStudioEvent("generation.progress", (event) => advance(client, event));
  useStudioEvent("generation.completed", refresh);
  useStudioEvent("generation.failed", refresh);
  useStudioEvent("generation.cancelled", refresh);
  useStudioEvent("image.rendered", ({ id }) => refreshAround(client, id));
  useStudioEvent("image.deleted", ({ id }) => dropImage(client, id));
  useStudioEvent("image.restored", ({ id }) => void restoreImage(client, id));
  useStreamCatchUp(() => refetchFeeds(client));

  const feed = useInfiniteQuery(feedQuery(filter));
  const items = itemsOf(feed.data);
  const waits = items.some(({ status }) => status === "pending");
  const runs = items.some(isRunning);
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(
      () => document.visibilityState === "visible" && void refreshQueue(client),
      waits ? QUEUE_MS : SILENCE_MS,
    );
    return () => clearInterval(timer);
  }, [client, waits, runs]);
  return { ...feed, items };
}

/** A step was done or an attempt began. */
function advance(client: QueryClient, { id, progress }: GenerationEvent) {
  changeGenerations(client, (item) => {
    if (item.id !== id || !isRunning(item)) return item;
    return {
      ...item,
      status: "processing",
      position: null,
      started_at: item.status === "processing" ? item.started_at : new Date().toISOString(),
      progress: progress ? { ...item.progress, ...progress } : item.progress,
    };
  });
}

/** Thumbnails of a picture are there. */
function refreshAround(client: QueryClient, imageId: string) {
  changeGenerations(client, (item) => {
    if (item.images.some(({ id }) => id === imageId)) void refreshGeneration(client, item.id);
    return item;
  });
}

/** Takes a picture out of its card: it went to the trash. */
export function dropImage(client: QueryClient, imageId: string): void {
  changeGenerations(client, (item) =>
    item.images.some(({ id }) => id === imageId)
      ? { ...item, images: item.images.filter(({ id }) => id !== imageId) }
      : item,
  );
}

async function restoreImage(client: QueryClient, imageId: string) {
  const answer = await getImage({ path: { id: imageId }, throwOnError: true }).catch(() => null);
  const from = answer?.data.generation_id;
  if (from && findGeneration(client, from)) void refreshGeneration(client, from);
}
