import { useQuery } from "@tanstack/react-query";
import { listMasksOptions } from "@/api/@tanstack/react-query.gen";
import type { ImageOut, MaskOut } from "@/api/types.gen";
import { formatAgo } from "@/lib/format";
import { notify } from "@/ui/notify";

type EarlierMasksProps = { image: ImageOut; onTake: (data: Uint8Array) => void };

/** The masks that were used on the picture, to be taken again; nothing where there are none. */
export function EarlierMasks({ image, onTake }: EarlierMasksProps) {
  const { data } = useQuery(listMasksOptions({ path: { id: image.id } }));
  const fitting = data?.items.filter(
    ({ width, height }) => width === image.width && height === image.height,
  );
  if (!fitting || fitting.length === 0) return null;
  const take = async (mask: MaskOut) => {
    try {
      onTake(await bytesOf(mask));
    } catch {
      notify({ kind: "error", title: "The mask could not be loaded" });
    }
  };
  return (
    <section aria-labelledby="earlier-masks" className="grid gap-2">
      <h2 id="earlier-masks" className="text-sm font-medium tracking-normal">
        Masks used before
      </h2>
      <ul className="flex gap-2 overflow-x-auto p-1">
        {fitting.map((mask) => (
          <li key={mask.id} className="shrink-0">
            <button
              type="button"
              aria-label={`Use the mask of ${formatAgo(mask.used_at)}`}
              title={formatAgo(mask.used_at)}
              onClick={() => void take(mask)}
              className="block overflow-hidden rounded-lg border hover:border-primary focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-ring"
            >
              <img src={mask.url} alt="" loading="lazy" className="h-14 w-auto" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function bytesOf({ url, width, height }: MaskOut): Promise<Uint8Array> {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  const pixels = pixelsOf(picture, width, height);
  return Uint8Array.from({ length: width * height }, (_, at) => pixels[at * 4] as number);
}

/** A picture's RGBA. */
export function pixelsOf(
  picture: HTMLImageElement,
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser does not draw on canvases.");
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
