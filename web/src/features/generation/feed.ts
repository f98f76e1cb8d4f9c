/** What the cache holds of everything submitted: pages of generations, newest first, one list for each filter. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { getGeneration, listHistory, listQueue } from "@/api/sdk.gen";
import type { GenerationOut, GenerationPage, ListHistoryData } from "@/api/types.gen";

export type FeedFilter = Omit<NonNullable<ListHistoryData["query"]>, "limit" | "cursor" | "count">;
type Feed = InfiniteData<GenerationPage, string | null>;

const FEED = "generations";
const PAGE = 12;

export function feedQuery(filter: FeedFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [FEED, filter] as const,
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam ? { cursor: pageParam } : {};
      const query = { ...filter, ...cursor, limit: PAGE };
      return (await listHistory({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: GenerationPage) => page.next_cursor,
    // Events keep it true; it is fetched anew when some may have been missed.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function itemsOf(feed: Pick<Feed, "pages"> | undefined): GenerationOut[] {
  return feed?.pages.flatMap((page) => page.items) ?? [];
}

export const isRunning = ({ status }: Pick<GenerationOut, "status">) =>
  status === "pending" || status === "processing";

function feeds(client: QueryClient): [QueryKey, Feed][] {
  return client
    .getQueriesData<Feed>({ queryKey: [FEED] })
    .flatMap(([key, feed]) => (feed ? [[key, feed] as [QueryKey, Feed]] : []));
}

export function findGeneration(client: QueryClient, id: string): GenerationOut | undefined {
  for (const [, feed] of feeds(client)) {
    const found = itemsOf(feed).find((item) => item.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Changes every record that `change` answers something new for, in every list. */
export function changeGenerations(
  client: QueryClient,
  change: (item: GenerationOut) => GenerationOut,
): void {
  for (const [key, feed] of feeds(client)) {
    let changed = false;
    const pages = feed.pages.map((page) => {
      const items = page.items.map(change);
      if (items.every((item, index) => item === page.items[index])) return page;
      changed = true;
      return { ...page, items };
    });
    if (changed) client.setQueryData(key, { ...feed, pages });
  }
}

/** Puts a record in place of the older one, or at the head of the list that has no filter. */
export function putGeneration(client: QueryClient, made: GenerationOut): void {
  for (const [key, feed] of feeds(client)) {
    if (itemsOf(feed).some(({ id }) => id === made.id)) continue;
    if (Object.keys(key[1] as FeedFilter).length > 0) {
      void client.invalidateQueries({ queryKey: key, exact: true });
      continue;
    }
    const [first, ...rest] = feed.pages;
    if (!first) continue;
    const older = first.items.findIndex((item) => item.created_at < made.created_at);
    // Older than the whole page: it comes with a later one, if there are any.
    if (older < 0 && first.next_cursor !== null) continue;
    const items = first.items.toSpliced(older < 0 ? first.items.length : older, 0, made);
    client.setQueryData(key, { ...feed, pages: [{ ...first, items }, ...rest] });
  }
  changeGenerations(client, (item) => (item.id === made.id ? made : item));
}

const underway = new Map<string, Promise<void>>();
const asked = new Set<string>();

/** Fetches one record and shows it. Asked again meanwhile, it fetches once more afterwards. */
export function refreshGeneration(client: QueryClient, id: string): Promise<void> {
  const running = underway.get(id);
  if (running) {
    asked.add(id);
    return running;
  }
  const fetching = getGeneration({ path: { id }, throwOnError: true })
    .then(({ data }) => putGeneration(client, data))
    // One that cannot be had stays as it is; a reconnect puts it right.
    .catch(() => {})
    .finally(() => {
      underway.delete(id);
      if (asked.delete(id)) void refreshGeneration(client, id);
    });
  underway.set(id, fetching);
  return fetching;
}

/** Places in the queue and estimates, for those that wait or run; what has left the queue is fetched. */
export async function refreshQueue(client: QueryClient): Promise<void> {
  const answer = await listQueue({ query: { limit: 100 }, throwOnError: true }).catch(() => null);
  if (!answer) return;
  const queue = new Map(answer.data.items.map((item) => [item.id, item]));
  const gone = new Set<string>();
  changeGenerations(client, (item) => {
    if (!isRunning(item)) return item;
    const now = queue.get(item.id);
    if (!now && answer.data.next_cursor === null) gone.add(item.id);
    return now ? { ...now, progress: laterOf(item, now) } : item;
  });
  for (const id of gone) void refreshGeneration(client, id);
}

/** Events may have been ahead of the answer: progress of one attempt never goes back. */
function laterOf(known: GenerationOut, now: GenerationOut): GenerationOut["progress"] {
  const sameAttempt = known.started_at === now.started_at && known.status === now.status;
  return sameAttempt && known.progress.percent > now.progress.percent
    ? known.progress
    : now.progress;
}

export function refetchFeeds(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: [FEED] });
}
