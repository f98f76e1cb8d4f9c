/** Changes to pictures: shown at once, asked of the server, taken back when it refuses, undone on request. */
import type { QueryClient } from "@tanstack/react-query";
import { undoBulk } from "@/api/sdk.gen";
import type { BulkOut, ImageOut } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { FACETS } from "../filters/facets";
import { type Change, settle } from "../image-cache";
import { imageKey, listsOf, refreshLists } from "../image-lists";
import { matches } from "../image-matches";
import { type Act, after, ask, countOf, doneWords, failedWords, type Target } from "./acts";
import { finished } from "./follow-job";
import { noteOwn } from "./own-changes";
import { pushUndo, undo } from "./undo";

/** Does it. The answer says whether the server did. */
export async function changeImages(
  client: QueryClient,
  target: Target,
  act: Act,
): Promise<boolean> {
  const changes = known(client, target).map((image) => ({
    image: after(image, act),
    before: image,
  }));
  settle(client, changes);
  const count = countOf(target);
  try {
    const out = await ask(target, act);
    noteOwn(out.undo_id);
    if (out.job_id) {
      notify({ kind: "info", title: `Changing ${formatCount(count, "picture")}…` });
      await finished(out.job_id);
    }
    takeBack(client, changes, new Set(out.failed.map(({ id }) => id)));
    told(client, { out, changes, act, count });
    if (!("ids" in target)) refreshLists(client);
    refreshCounts(client);
    return true;
  } catch (error) {
    takeBack(client, changes);
    notify({ kind: "error", title: failedWords(act, count), description: reasonOf(error) });
    return false;
  }
}

/** The pictures of a target that are in the cache. */
export function known(client: QueryClient, target: Target): ImageOut[] {
  const found = new Map<string, ImageOut>();
  const wanted = "ids" in target ? new Set(target.ids) : null;
  for (const id of wanted ?? []) {
    const alone = client.getQueryData<ImageOut>(imageKey(id));
    if (alone) found.set(id, alone);
  }
  for (const { list } of listsOf(client))
    for (const image of list.items) {
      if (!image || found.has(image.id)) continue;
      if (wanted ? wanted.has(image.id) : "filter" in target && matches(image, target.filter))
        found.set(image.id, image);
    }
  return [...found.values()];
}

function takeBack(client: QueryClient, changes: Change[], only?: ReadonlySet<string>): void {
  const back = changes.flatMap(({ image, before }) =>
    before && (!only || only.has(image.id)) ? [{ image: before, before: image }] : [],
  );
  settle(client, back);
}

type Told = { out: BulkOut; changes: Change[]; act: Act; count: number };

function told(client: QueryClient, { out, changes, act, count }: Told): void {
  const [first] = out.failed;
  const title = doneWords(act, out.job_id ? count : out.changed);
  if (first && out.changed === 0) {
    notify({ kind: "error", title: failedWords(act, count), description: first.message });
    return;
  }
  const { undo_id } = out;
  const back = undo_id ? () => takeBackAtServer(client, undo_id, changes) : undefined;
  if (back) pushUndo(back);
  notify({
    kind: first ? "info" : "success",
    title,
    ...(first && {
      description: `${formatCount(out.failed.length, "picture")} could not be changed: ${first.message}`,
    }),
    ...(back && { action: { label: "Undo", run: () => void undo(back) } }),
  });
}

async function takeBackAtServer(
  client: QueryClient,
  undoId: string,
  changes: Change[],
): Promise<void> {
  takeBack(client, changes);
  try {
    const { data } = await undoBulk({ path: { id: undoId }, throwOnError: true });
    if (data.job_id) await finished(data.job_id);
    if (data.job_id || data.changed !== changes.length) refreshLists(client);
    refreshCounts(client);
    notify({ kind: "success", title: "Taken back" });
  } catch (error) {
    settle(client, changes);
    notify({ kind: "error", title: "That could not be taken back", description: reasonOf(error) });
  }
}

export function refreshCounts(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: [FACETS] });
}
