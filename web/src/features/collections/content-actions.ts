/** Pictures into collections, out of them and to another place, each with a way back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  addCollectionImages,
  addProjectImages,
  removeCollectionImages,
  reorderCollection,
} from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { refreshLists } from "@/features/library/image-lists";
import { useRefreshProjects } from "@/features/projects/projects";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { useRefreshCollections } from "./collections";

export type Place = { kind: "project" | "collection"; id: string; name: string };

const failed = (title: string) => (error: unknown) =>
  notify({ kind: "error", title, description: reasonOf(error) });

/** Puts pictures into a project or a collection. */
export function usePutInto() {
  const client = useQueryClient();
  const refreshProjects = useRefreshProjects();
  const refreshCollections = useRefreshCollections();
  const takeBack = useMutation({
    mutationFn: ({ id, ids }: { id: string; ids: string[] }) =>
      removeCollectionImages({ path: { id }, body: { ids }, throwOnError: true }),
    onSettled: (_data, _error, { id }) => refreshCollections(id),
    onError: failed("They were not taken out again"),
  });
  return useMutation({
    mutationFn: async ({ place, ids }: { place: Place; ids: string[] }) => {
      const target = { path: { id: place.id }, body: { ids }, throwOnError: true } as const;
      const { data } = await (place.kind === "project"
        ? addProjectImages(target)
        : addCollectionImages(target));
      return data;
    },
    onSettled: (_data, _error, { place }) => {
      if (place.kind === "collection") return refreshCollections(place.id);
      refreshProjects(place.id);
      refreshLists(client);
    },
    onError: failed("The pictures were not put there"),
    onSuccess: ({ changed }, { place, ids }) => {
      const { id, kind, name } = place;
      // Only where all of them are new is taking them out again the way back.
      const undo = kind === "collection" && changed === ids.length;
      notify({
        kind: changed > 0 ? "success" : "info",
        title:
          changed > 0
            ? `${formatCount(changed, "picture")} ${kind === "project" ? "moved to" : "added to"} ${name}`
            : `${ids.length === 1 ? "It is" : "They are"} in ${name} already`,
        ...(undo && { action: { label: "Undo", run: () => takeBack.mutate({ id, ids }) } }),
      });
    },
  });
}

/** Takes pictures out of a collection; undone, each is back in its place. */
export function useTakeOut(id: string) {
  const refresh = useRefreshCollections();
  const onSettled = () => refresh(id);
  const putBack = useMutation({
    mutationFn: async (back: { id: string; after: string | null }[]) => {
      for (const { id: image, after } of back)
        await addCollectionImages({
          path: { id },
          body: { ids: [image], after },
          throwOnError: true,
        });
    },
    onSettled,
    onError: failed("Not all were put back"),
  });
  return useMutation({
    mutationFn: ({ ids }: { ids: string[]; order: readonly ImageOut[] }) =>
      removeCollectionImages({ path: { id }, body: { ids }, throwOnError: true }),
    onSettled,
    onError: failed("The pictures were not taken out"),
    onSuccess: (_data, { ids, order }) => {
      const back = order.flatMap((image, index) =>
        ids.includes(image.id) ? [{ id: image.id, after: order[index - 1]?.id ?? null }] : [],
      );
      notify({
        kind: "success",
        title: `${formatCount(ids.length, "picture")} taken out of the collection`,
        description: "They are still in the library.",
        action: { label: "Undo", run: () => putBack.mutate(back) },
      });
    },
  });
}

/** Moves pictures of a collection behind another; null is the beginning. */
export function useReorder(id: string) {
  const refresh = useRefreshCollections();
  return useMutation({
    mutationFn: ({ ids, after }: { ids: string[]; after: string | null }) =>
      reorderCollection({ path: { id }, body: { ids, after }, throwOnError: true }),
    onSettled: () => refresh(id),
    onError: failed("The order was not kept"),
  });
}
