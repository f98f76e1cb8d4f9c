/** Groups of duplicates, asked for stretch by stretch until there are enough to look at. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { dismissDuplicates, listDuplicates, restoreDuplicates } from "@/api/sdk.gen";
import type { DuplicateGroup } from "@/api/types.gen";
import { changeImages } from "@/features/library/actions/change-images";
import { reasonOf } from "@/lib/problem";
import { useStudioEvent } from "@/lib/studio-events";
import { notify } from "@/ui/notify";
import { type Likeness, USUAL } from "./likeness";

const LISTS = "duplicates";
const MORE = 20;

export function useDuplicates({ exact, distance = USUAL }: Likeness) {
  const client = useQueryClient();
  const key = [LISTS, exact ? "exact" : distance];
  const [wanted, want] = useState(MORE);
  /** What is in the trash by now, or dismissed, without asking for all anew. */
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam, signal }) => {
      const like = exact ? { exact: true } : { distance };
      const query = { ...like, limit: MORE, ...(pageParam && { cursor: pageParam }) };
      return (await listDuplicates({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
  });
  const pages = query.data?.pages ?? [];
  const groups = pages.flatMap(({ items }) => left(items, gone));
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const looking = hasNextPage && groups.length < wanted && !isError;
  useEffect(() => {
    if (looking && !isFetching) void fetchNextPage();
  }, [looking, isFetching, fetchNextPage]);
  const again = useCallback(() => {
    setGone(new Set());
    void client.resetQueries({ queryKey: [LISTS] });
  }, [client]);
  useStudioEvent("images.changed", ({ action }) => {
    if (action === "undo" || action === "restore") again();
  });
  useStudioEvent("image.restored", again);
  const hide = (ids: readonly string[]) => setGone((before) => new Set([...before, ...ids]));
  return {
    query,
    groups,
    looking,
    /** How far through the library, 0 to 100. */
    percent: Math.round((pages.at(-1)?.progress ?? 0) * 100),
    dismissed: pages.at(-1)?.dismissed ?? 0,
    hide,
    again,
    more: () => want(groups.length + MORE),
  };
}

/** The groups without what is gone; one picture alone is no group. */
function left(groups: readonly DuplicateGroup[], gone: ReadonlySet<string>): DuplicateGroup[] {
  return groups.flatMap((group) => {
    const images = group.images.filter(({ id }) => !gone.has(id));
    const missing = group.images.length - images.length;
    return images.length > 1 ? [{ ...group, images, total: group.total - missing }] : [];
  });
}

/** What can be done with groups; `hide` takes pictures out of those that are shown. */
export function useDuplicateActions(hide: (ids: readonly string[]) => void, again: () => void) {
  const client = useQueryClient();
  const trash = useMutation({
    mutationFn: async (ids: string[]) => {
      if (await changeImages(client, { ids }, { kind: "delete" })) hide(ids);
    },
  });
  const dismiss = useMutation({
    mutationFn: async ({ images }: DuplicateGroup) => {
      const ids = images.map(({ id }) => id);
      await dismissDuplicates({ body: { ids }, throwOnError: true });
      hide(ids);
    },
    onSuccess: () => notify({ kind: "success", title: "Not shown as duplicates any more" }),
    onError: (error) =>
      notify({ kind: "error", title: "That was not kept", description: reasonOf(error) }),
  });
  const restore = useMutation({
    mutationFn: () => restoreDuplicates({ throwOnError: true }),
    onSuccess: again,
    onError: (error) =>
      notify({ kind: "error", title: "They were not brought back", description: reasonOf(error) }),
  });
  return { trash, dismiss, restore };
}
