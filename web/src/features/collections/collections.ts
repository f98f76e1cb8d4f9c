/** Collections and what is in them. Events keep what is shown true in every tab. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import {
  createCollectionMutation,
  deleteCollectionMutation,
  getCollectionOptions,
  getCollectionQueryKey,
  listCollectionsOptions,
  updateCollectionMutation,
} from "@/api/@tanstack/react-query.gen";
import { listCollectionImages, listCollections } from "@/api/sdk.gen";
import type { CollectionOut } from "@/api/types.gen";
import { useStudioEvent } from "@/lib/studio-events";

const PAGE = 48;
const IMAGES = 100;
const LISTS = "collections";
const CONTENT = "collection-content";

/** The collections, those that changed last first. */
export function useCollections(q: string) {
  return useInfiniteQuery({
    queryKey: [LISTS, q],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(q && { q }), ...(pageParam && { cursor: pageParam }) };
      return (await listCollections({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
}

export const useCollection = (id: string) => useQuery(getCollectionOptions({ path: { id } }));

/** The collections to choose one from, by name. */
export const useCollectionChoices = () =>
  useQuery({
    ...listCollectionsOptions({ query: { limit: 100, sort: "name" } }),
    staleTime: 60_000,
  });

export const contentKey = (id: string) => [CONTENT, id] as const;

/** What is in a collection, in its order. */
export function useContent(id: string) {
  return useInfiniteQuery({
    queryKey: contentKey(id),
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: IMAGES, ...(pageParam && { cursor: pageParam }) };
      return (await listCollectionImages({ path: { id }, query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Asks anew for everything that shows collections, and for what is in this one. */
export function useRefreshCollections() {
  const client = useQueryClient();
  return useCallback(
    (id?: string) => {
      void client.invalidateQueries({ queryKey: [LISTS] });
      void client.invalidateQueries({ queryKey: id ? contentKey(id) : [CONTENT] });
      void client.invalidateQueries({
        predicate: ({ queryKey: [first] }) => {
          const { _id, path } = (first ?? {}) as { _id?: string; path?: { id?: string } };
          return _id === "listCollections" || (_id === "getCollection" && (!id || path?.id === id));
        },
      });
    },
    [client],
  );
}

/** Follows what others do to collections and, for smart ones, to pictures, while the component is there. */
export function useCollectionEvents(): void {
  const refresh = useRefreshCollections();
  useStudioEvent("collection.created", () => refresh());
  useStudioEvent("collection.changed", ({ id }) => refresh(id));
  useStudioEvent("collection.deleted", () => refresh());
  useStudioEvent("image.created", () => refresh());
  useStudioEvent("image.deleted", () => refresh());
  useStudioEvent("image.restored", () => refresh());
}

export function useCollectionActions() {
  const client = useQueryClient();
  const refresh = useRefreshCollections();
  const onSuccess = (collection: CollectionOut) => {
    client.setQueryData(getCollectionQueryKey({ path: { id: collection.id } }), collection);
    refresh(collection.id);
  };
  return {
    create: useMutation({ ...createCollectionMutation(), onSuccess }),
    update: useMutation({ ...updateCollectionMutation(), onSuccess }),
    remove: useMutation({ ...deleteCollectionMutation(), onSuccess: () => refresh() }),
  };
}
