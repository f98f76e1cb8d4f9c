/** What other tabs, devices and the engines do to pictures reaches the cache here. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getImage, listImages } from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { studioStream } from "@/lib/studio-events";
import { isOwn } from "./actions/own-changes";
import { settle } from "./image-cache";
import { findImage, refreshLists } from "./image-lists";

/** Events come in bursts; what changed within this time is fetched together. */
const GATHER_MS = 80;
/** By then the answer to a change has come as well as its event. */
const ANSWERED_MS = 500;
/** More than this are fetched as one page of the newest. */
const SINGLY = 6;
const following = new WeakSet<QueryClient>();

/** Keeps the cached pictures true from now on, on every page of the studio. */
export function useImageEvents(): void {
  const client = useQueryClient();
  useEffect(() => {
    if (following.has(client)) return;
    following.add(client);
    follow(client);
  }, [client]);
}

type Change = "created" | "changed" | "deleted" | "restored";

function follow(client: QueryClient) {
  const changes = new Map<string, Change>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const wanted = new Map(changes);
    changes.clear();
    void take(client, wanted);
  };
  const note = (change: Change) => (event: { id: string }) => {
    // That it is new outweighs what happened to it since.
    if (changes.get(event.id) !== "created") changes.set(event.id, change);
    if (timer === undefined) timer = setTimeout(flush, GATHER_MS);
  };
  studioStream.on("image.created", note("created"));
  studioStream.on("image.rendered", note("changed"));
  studioStream.on("image.updated", note("changed"));
  studioStream.on("image.deleted", note("deleted"));
  studioStream.on("image.restored", note("restored"));
  studioStream.on("images.changed", ({ id }) => {
    // The answer to one's own change may come after its event.
    setTimeout(() => {
      if (isOwn(id)) return;
      void client.invalidateQueries({ predicate: isSingleImage });
      refreshLists(client);
    }, ANSWERED_MS);
  });
  studioStream.onCatchUp(() => catchUp(client));
}

/** Fetches what changed and settles it. */
async function take(client: QueryClient, changes: Map<string, Change>): Promise<void> {
  const images = await fetchAll([...changes.keys()]);
  settle(
    client,
    images.map((image) => ({
      image,
      before: findImage(client, image.id) ?? formerly(image, changes.get(image.id)),
    })),
  );
}

/** What a picture that nobody here had seen was like before its event. */
function formerly(image: ImageOut, change: Change | undefined): ImageOut | undefined {
  if (change === "created") return undefined;
  if (change === "deleted") return { ...image, deleted_at: null };
  if (change === "restored") return { ...image, deleted_at: image.updated_at };
  return image;
}

async function fetchAll(ids: string[]): Promise<ImageOut[]> {
  const found = new Map<string, ImageOut>();
  if (ids.length > SINGLY) {
    const page = await listImages({ query: { limit: 100 }, throwOnError: true }).catch(() => null);
    for (const image of page?.data.items ?? [])
      if (ids.includes(image.id)) found.set(image.id, image);
  }
  for (const id of ids.filter((one) => !found.has(one))) {
    // One that is gone by now, or cannot be had, is left as it is; a reconnect puts it right.
    const answer = await getImage({ path: { id }, throwOnError: true }).catch(() => null);
    if (answer) found.set(id, answer.data);
  }
  return [...found.values()];
}

/** Events were missed: the lists in view are asked for anew, and what is known of single pictures. */
function catchUp(client: QueryClient): void {
  void client.invalidateQueries({ predicate: isSingleImage });
  refreshLists(client);
}

function isSingleImage({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  const [head] = queryKey;
  return typeof head === "object" && head !== null && "_id" in head && head._id === "getImage";
}
