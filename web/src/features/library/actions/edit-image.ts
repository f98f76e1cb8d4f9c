/** What is said of one picture: its title, its words, its rating. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { changeImage } from "@/api/sdk.gen";
import type { ImageChanges, ImageOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { settle } from "../image-cache";
import { findImage } from "../image-lists";
import { refreshCounts } from "./change-images";
import { pushUndo } from "./undo";

/** Shows the change at once, and takes it back with a word where the server refuses it. */
export async function editImage(
  client: QueryClient,
  image: ImageOut,
  changes: ImageChanges,
  what: string,
): Promise<boolean> {
  const before = findImage(client, image.id) ?? image;
  const shown = { ...before, ...(changes as Partial<ImageOut>) };
  settle(client, [{ image: shown, before }]);
  try {
    const { data } = await changeImage({
      path: { id: image.id },
      body: changes,
      throwOnError: true,
    });
    settle(client, [{ image: data, before: shown }]);
    refreshCounts(client);
    return true;
  } catch (error) {
    const now = findImage(client, image.id) ?? shown;
    const names = Object.keys(changes) as (keyof ImageChanges)[];
    const back = Object.fromEntries(names.map((name) => [name, before[name]]));
    settle(client, [{ image: { ...now, ...back }, before: now }]);
    notify({ kind: "error", title: `${what} was not kept`, description: reasonOf(error) });
    return false;
  }
}

export function useEditImage() {
  const client = useQueryClient();
  return (image: ImageOut, changes: ImageChanges, what: string) =>
    editImage(client, image, changes, what);
}

/** So many pictures are rated at once; each is a request. */
const MOST_RATED = 200;

/** Rates pictures, one after the other. */
export async function rateImages(
  client: QueryClient,
  images: readonly ImageOut[],
  rating: number | null,
): Promise<void> {
  if (images.length > MOST_RATED) {
    notify({
      kind: "info",
      title: `Rate at most ${MOST_RATED} pictures at once`,
      description: "Choose fewer, then press the number again.",
    });
    return;
  }
  const before = images.map(({ id, rating: stars }) => ({ id, stars }));
  for (const image of images)
    if (!(await editImage(client, image, { rating }, "The rating"))) return;
  pushUndo(async () => {
    for (const { id, stars } of before) {
      const image = findImage(client, id);
      if (image) await editImage(client, image, { rating: stars }, "The rating");
    }
    notify({ kind: "success", title: "Taken back" });
  });
  const words = rating === null ? "No rating any more" : `Rated ${rating} of 5`;
  if (images.length > 1) notify({ kind: "success", title: `${words}: ${images.length} pictures` });
}
