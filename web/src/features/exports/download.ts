/** Pictures as a ZIP, and what is known of them as a table: asked for, waited for, handed to the browser. */
import {
  exportCollection,
  exportImages,
  exportMetadata,
  exportProject,
  getExport,
} from "@/api/sdk.gen";
import type { ExportOut, ImageFilter, Selection } from "@/api/types.gen";
import { formatBytes, formatCount } from "@/lib/format";
import { Problem, reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";

/** What is to be downloaded; a smart collection has a filter. */
export type Source =
  | { of: "images"; which: Selection }
  | { of: "project"; id: string }
  | { of: "collection"; id: string; filter: ImageFilter | null };

const EVERY_MS = 700;

/** Has the ZIP made, and gives it to the browser when it is ready, so that its size is known from the start. */
export async function downloadZip(source: Source): Promise<void> {
  try {
    const begun = await begin(source);
    const pictures = formatCount(begun.images, "picture");
    if (begun.status === "preparing")
      notify({
        kind: "info",
        title: `Preparing a ZIP of ${pictures}…`,
        description: "It downloads as soon as it is ready; you can go on meanwhile.",
      });
    const { download_url, size } = await ready(begun);
    follow(download_url);
    notify({
      kind: "success",
      title: `A ZIP of ${pictures} is downloading`,
      description: `${formatBytes(size ?? 0)}, with originals, tables and a contact sheet.`,
    });
  } catch (error) {
    notify({
      kind: "error",
      title: "The ZIP was not made",
      description: reasonOf(error),
      action: { label: "Try again", run: () => void downloadZip(source) },
    });
  }
}

export async function downloadMetadata(source: Source, format: "csv" | "json"): Promise<void> {
  try {
    const { data } = await exportMetadata({
      body: selectionOf(source),
      query: { format },
      parseAs: "blob",
      throwOnError: true,
    });
    const address = URL.createObjectURL(data as Blob);
    follow(address, `easel-images.${format}`);
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch (error) {
    notify({ kind: "error", title: "The metadata was not saved", description: reasonOf(error) });
  }
}

/** The pictures of a source, for what takes a selection. */
export function selectionOf(source: Source): Selection {
  if (source.of === "images") return source.which;
  if (source.of === "project") return { filter: { project_id: source.id } };
  return { filter: source.filter ?? { collection_id: source.id } };
}

async function begin(source: Source): Promise<ExportOut> {
  // The record in any case: bytes are for the browser to fetch, not for this page to hold.
  const sent = { headers: { prefer: "respond-async" }, throwOnError: true } as const;
  const { data } =
    source.of === "images"
      ? await exportImages({ body: source.which, ...sent })
      : source.of === "project"
        ? await exportProject({ path: { id: source.id }, ...sent })
        : await exportCollection({ path: { id: source.id }, ...sent });
  return data as ExportOut;
}

async function ready(begun: ExportOut): Promise<ExportOut> {
  let made = begun;
  while (made.status === "preparing") {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    made = (await getExport({ path: { id: made.id }, throwOnError: true })).data;
  }
  if (made.status === "ready") return made;
  throw new Problem({ status: 0, detail: made.error ?? "Pictures of it were deleted meanwhile." });
}

function follow(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
