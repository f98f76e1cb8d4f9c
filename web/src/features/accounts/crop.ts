/** Which square of a picture is meant: its middle in the picture's own pixels, and how close one looks. */
export type Size = { width: number; height: number };
export type Crop = { x: number; y: number; zoom: number };
export type Square = { left: number; top: number; side: number };

export const CLOSEST = 5;
const LARGEST_UPLOAD = 1024;

export function middleOf({ width, height }: Size): Crop {
  return { x: width / 2, y: height / 2, zoom: 1 };
}

/** The nearest crop that lies within the picture. */
export function within(size: Size, crop: Crop): Crop {
  const zoom = clamp(crop.zoom, 1, CLOSEST);
  const half = Math.min(size.width, size.height) / zoom / 2;
  return {
    zoom,
    x: clamp(crop.x, half, size.width - half),
    y: clamp(crop.y, half, size.height - half),
  };
}

/** The square itself, in the picture's pixels. */
export function squareOf(size: Size, crop: Crop): Square {
  const side = Math.min(size.width, size.height) / crop.zoom;
  return { left: crop.x - side / 2, top: crop.y - side / 2, side };
}

/** How far the middle can go: from the first to the second number, in the picture's pixels. */
export function room(length: number, side: number): [from: number, to: number] {
  return [side / 2, length - side / 2];
}

/** The square as a file, small enough to send at once. */
export async function cutOut(picture: HTMLImageElement, square: Square): Promise<Blob> {
  const side = Math.max(1, Math.min(LARGEST_UPLOAD, Math.round(square.side)));
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no pictures.");
  context.imageSmoothingQuality = "high";
  const { left, top, side: edge } = square;
  context.drawImage(picture, left, top, edge, edge, 0, 0, side, side);
  return await new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be cut out."))),
      "image/webp",
      0.92,
    ),
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
