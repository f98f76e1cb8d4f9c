/** What was asked for, newest first, kept true by the event stream. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  generateImageMutation,
  listHistoryOptions,
  listHistoryQueryKey,
} from "@/api/@tanstack/react-query.gen";
import type { GenerationOut, GenerationPage } from "@/api/types.gen";
import { type GenerationEvent, useStreamReconnect, useStudioEvent } from "@/lib/studio-events";

const SHOWN = { query: { limit: 24 } };
const key = listHistoryQueryKey(SHOWN);

export const historyQuery = listHistoryOptions(SHOWN);

/** The newest generations; each changes by itself while it runs. */
export function useHistory() {
  const client = useQueryClient();
  const refetch = () => void client.invalidateQueries({ queryKey: key });
  useStudioEvent("generation.progress", (event) => patch(client, event));
  useStudioEvent("generation.started", (event) =>
    patch(client, { ...event, status: "processing" }),
  );
  useStudioEvent("generation.created", refetch);
  useStudioEvent("generation.queued", refetch);
  useStudioEvent("generation.completed", refetch);
  useStudioEvent("generation.failed", refetch);
  useStudioEvent("generation.cancelled", refetch);
  useStreamReconnect(refetch);
  return useQuery(historyQuery);
}

export function useGenerate() {
  const client = useQueryClient();
  return useMutation({
    ...generateImageMutation(),
    onSuccess: (made) =>
      client.setQueryData(key, (page: GenerationPage | undefined) => page && withFirst(page, made)),
  });
}

function withFirst(page: GenerationPage, made: GenerationOut): GenerationPage {
  return { ...page, items: [made, ...page.items.filter(({ id }) => id !== made.id)] };
}

function patch(client: QueryClient, { id, status, progress }: GenerationEvent) {
  client.setQueryData(key, (page: GenerationPage | undefined) => {
    if (!page) return page;
    const items = page.items.map((item) =>
      item.id === id && item.completed_at === null
        ? {
            ...item,
            status: status ?? item.status,
            progress: progress ? { ...item.progress, ...progress } : item.progress,
          }
        : item,
    );
    return { ...page, items };
  });
}
