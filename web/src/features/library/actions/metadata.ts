/** The records of pictures as a file: JSON, with all that is known. */
import type { QueryClient } from "@tanstack/react-query";
import { getImage, listImages } from "@/api/sdk.gen";
import type { ImageOut, ImagePage } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import type { ListQuery } from "../image-filter";
import { countOf, type Target } from "./acts";
import { known } from "./change-images";

/** More records than these are for an export. */
const MOST = 5_000;
const PAGE = 100;

export async function downloadMetadata(client: QueryClient, target: Target): Promise<void> {
  const count = countOf(target);
  if (count > MOST) {
    notify({
      kind: "info",
      title: `Metadata of at most ${MOST} pictures at once`,
      description: "Narrow the list by filters, or choose fewer.",
    });
    return;
  }
  try {
    const images = await recordsOf(client, target);
    save("easel-metadata.json", JSON.stringify(images, null, 2));
    notify({
      kind: "success",
      title: `Metadata of ${formatCount(images.length, "picture")} saved`,
    });
  } catch (error) {
    notify({ kind: "error", title: "The metadata was not saved", description: reasonOf(error) });
  }
}

async function recordsOf(client: QueryClient, target: Target): Promise<ImageOut[]> {
  if ("ids" in target) {
    const here = new Map(known(client, target).map((image) => [image.id, image]));
    const images: ImageOut[] = [];
    for (const id of target.ids) {
      const image = here.get(id);
      images.push(image ?? (await getImage({ path: { id }, throwOnError: true })).data);
    }
    return images;
  }
  const images: ImageOut[] = [];
  let cursor: string | null = null;
  do {
    const at: string | null = cursor;
    const query: ListQuery & { limit: number; cursor?: string } = {
      ...target.filter,
      limit: PAGE,
      ...(at && { cursor: at }),
    };
    const { data }: { data: ImagePage } = await listImages({ query, throwOnError: true });
    images.push(...data.items);
    cursor = data.next_cursor;
  } while (cursor);
  return images;
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
