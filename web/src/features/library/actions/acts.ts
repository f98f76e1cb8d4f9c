/** What can be done to pictures, and what each then looks like. */
import { bulkDelete, bulkFavorite, bulkMove, bulkRestore, bulkTag } from "@/api/sdk.gen";
import type { BulkOut, ImageOut } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import type { ListQuery } from "../image-filter";
import { retagged } from "./tags";

/** Some pictures, or all that a filter matches. */
export type Target = { ids: string[] } | { filter: ListQuery; count: number };

export type Act =
  | { kind: "favorite"; favorite: boolean }
  | { kind: "tag"; add: string[]; remove: string[] }
  | { kind: "move"; project: { id: string; name: string } | null }
  | { kind: "delete" }
  | { kind: "restore" };

export const countOf = (target: Target): number =>
  "ids" in target ? target.ids.length : target.count;

/** The picture as it is after the act. */
export function after(image: ImageOut, act: Act): ImageOut {
  switch (act.kind) {
    case "favorite":
      return { ...image, is_favorite: act.favorite };
    case "tag":
      return { ...image, tags: retagged(image.tags, act.add, act.remove) };
    case "move":
      return { ...image, project_id: act.project?.id ?? null };
    case "delete":
      return { ...image, deleted_at: image.deleted_at ?? new Date().toISOString() };
    case "restore":
      return { ...image, deleted_at: null };
  }
}

/** Asks the server for it. */
export async function ask(target: Target, act: Act): Promise<BulkOut> {
  const which = "ids" in target ? { ids: target.ids } : { filter: target.filter };
  const sent = { throwOnError: true } as const;
  switch (act.kind) {
    case "favorite":
      return (await bulkFavorite({ body: { ...which, favorite: act.favorite }, ...sent })).data;
    case "tag":
      return (await bulkTag({ body: { ...which, add: act.add, remove: act.remove }, ...sent }))
        .data;
    case "move":
      return (await bulkMove({ body: { ...which, project_id: act.project?.id ?? null }, ...sent }))
        .data;
    case "delete":
      return (await bulkDelete({ body: which, ...sent })).data;
    case "restore":
      return (await bulkRestore({ body: which, ...sent })).data;
  }
}

/** That it is done, in words. */
export function doneWords(act: Act, count: number): string {
  const pictures = formatCount(count, "picture");
  switch (act.kind) {
    case "favorite":
      return act.favorite ? `${pictures} made favourites` : `${pictures} no favourites any more`;
    case "tag":
      return act.remove.length > 0 && act.add.length === 0
        ? `Tags taken off ${pictures}`
        : `${pictures} tagged`;
    case "move":
      return act.project
        ? `${pictures} moved to ${act.project.name}`
        : `${pictures} taken out of their projects`;
    case "delete":
      return count === 1 ? "Moved to the trash" : `${pictures} moved to the trash`;
    case "restore":
      return count === 1 ? "Restored" : `${pictures} restored`;
  }
}

/** That it could not be done. */
export function failedWords(act: Act, count: number): string {
  const one = count === 1;
  const pictures = one ? "The picture was" : "The pictures were";
  const done = {
    favorite: "changed",
    tag: "tagged",
    move: "moved",
    delete: "deleted",
    restore: "restored",
  };
  return `${pictures} not ${done[act.kind]}`;
}
