/** How far two pictures differ, pixel by pixel, as a picture of its own. */
import type { ImageOut } from "@/api/types.gen";

export type Heat = { pixels: Uint8ClampedArray<ArrayBuffer>; changed: number };

/** From no difference to the greatest: dark, violet, pink, orange, pale yellow. */
const SCALE = [
  [12, 10, 28],
  [91, 33, 182],
  [219, 39, 119],
  [249, 115, 22],
  [254, 240, 170],
] as const;
/** A channel that differs by no more than this differs by the file's compression alone. */
const NOTHING = 8;

/** Of two pictures of one size, as RGBA. `changed` is the share of pixels that visibly differ. */
export function heatOf(one: Uint8ClampedArray, two: Uint8ClampedArray): Heat {
  const pixels = new Uint8ClampedArray(one.length);
  let count = 0;
  for (let at = 0; at < one.length; at += 4) {
    let most = 0;
    for (let channel = at; channel < at + 4; channel += 1)
      most = Math.max(most, Math.abs((one[channel] ?? 0) - (two[channel] ?? 0)));
    if (most > NOTHING) count += 1;
    // The root lifts small differences to where they can be seen.
    paint(pixels, at, most > NOTHING ? Math.sqrt(most / 255) : 0);
  }
  return { pixels, changed: one.length > 0 ? (count * 4) / one.length : 0 };
}

function paint(pixels: Uint8ClampedArray, at: number, share: number) {
  const place = share * (SCALE.length - 1);
  const step = Math.min(SCALE.length - 2, Math.floor(place));
  const [from, to] = [SCALE[step], SCALE[step + 1]];
  for (let channel = 0; channel < 3; channel += 1) {
    const [low, high] = [from?.[channel] ?? 0, to?.[channel] ?? 0];
    pixels[at + channel] = low + (high - low) * (place - step);
  }
  pixels[at + 3] = 255;
}

/** The longer edge that is compared: enough for the screen, little enough for a phone. */
const EDGE = 1024;

/** Loads both, the second at the first's shape, and draws how they differ. */
export async function drawHeat(
  canvas: HTMLCanvasElement,
  one: ImageOut,
  two: ImageOut,
  signal: AbortSignal,
): Promise<number> {
  const scale = Math.min(1, EDGE / Math.max(one.width, one.height));
  const width = Math.max(1, Math.round(one.width * scale));
  const height = Math.max(1, Math.round(one.height * scale));
  const [first, second] = await Promise.all(
    [one, two].map(({ url }) => pixelsOf(url, width, height)),
  );
  signal.throwIfAborted();
  const { pixels, changed } = heatOf(
    first ?? new Uint8ClampedArray(),
    second ?? new Uint8ClampedArray(),
  );
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return changed;
}

async function pixelsOf(address: string, width: number, height: number) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(image, 0, 0, width, height);
  return context?.getImageData(0, 0, width, height).data;
}
