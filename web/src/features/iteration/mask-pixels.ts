/** A mask as bytes, one for each pixel of its picture: 255 is to change, 0 stays. Every change answers what it touched. */

export type Point = { x: number; y: number };
/** Half-open: `right` and `bottom` are the first column and row outside. */
export type Rect = { left: number; top: number; right: number; bottom: number };
export type Mask = { width: number; height: number; data: Uint8Array<ArrayBuffer> };

export const FULL = 255;

/** A brush: `radius` in pixels of the picture, `hardness` 0 (soft from its middle on) to 1 (a sharp edge). */
export type Brush = { radius: number; hardness: number; erase: boolean };

export function blankMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

export function wholeOf({ width, height }: Pick<Mask, "width" | "height">): Rect {
  return { left: 0, top: 0, right: width, bottom: height };
}

export const isEmptyRect = ({ left, top, right, bottom }: Rect) => left >= right || top >= bottom;

export function isBlank({ data }: Mask): boolean {
  return data.every((value) => value === 0);
}

/** The smallest rectangle around both; one of them may be missing. */
export function around(one: Rect | null, other: Rect | null): Rect | null {
  if (!one || isEmptyRect(one)) return other && !isEmptyRect(other) ? other : null;
  if (!other || isEmptyRect(other)) return one;
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

/** Whole pixels around two corners, grown by `by`, inside the mask. */
function pixelsAround(mask: Mask, from: Point, to: Point, by: number): Rect {
  const inside = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  return {
    left: inside(Math.floor(Math.min(from.x, to.x) - by), mask.width),
    top: inside(Math.floor(Math.min(from.y, to.y) - by), mask.height),
    right: inside(Math.ceil(Math.max(from.x, to.x) + by), mask.width),
    bottom: inside(Math.ceil(Math.max(from.y, to.y) + by), mask.height),
  };
}

/** A stroke's piece from one point to the next. Each pixel is visited once, however fast the pointer moved. */
export function paintSegment(mask: Mask, from: Point, to: Point, brush: Brush): Rect {
  const { radius, hardness, erase } = brush;
  const touched = pixelsAround(mask, from, to, radius + 1);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const long = dx * dx + dy * dy;
  // Half a pixel of softness even at the hardest: edges without steps.
  const core = Math.min(radius * hardness, radius - 0.5);
  const fade = radius + 0.5 - core;
  const { data, width } = mask;
  for (let y = touched.top; y < touched.bottom; y++) {
    for (let x = touched.left; x < touched.right; x++) {
      const px = x + 0.5 - from.x;
      const py = y + 0.5 - from.y;
      const along = long === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / long));
      const ox = px - along * dx;
      const oy = py - along * dy;
      const far = Math.sqrt(ox * ox + oy * oy);
      if (far >= core + fade) continue;
      const value = far <= core ? FULL : Math.round((FULL * (core + fade - far)) / fade);
      const at = y * width + x;
      const now = data[at] as number;
      if (erase) data[at] = Math.min(now, FULL - value);
      else if (value > now) data[at] = value;
    }
  }
  return touched;
}

export function fillRect(mask: Mask, from: Point, to: Point, erase: boolean): Rect {
  const touched = pixelsAround(mask, from, to, 0);
  for (let y = touched.top; y < touched.bottom; y++) {
    mask.data.fill(erase ? 0 : FULL, y * mask.width + touched.left, y * mask.width + touched.right);
  }
  return touched;
}

/** The inside of a closed line, by the even-odd rule, row by row through the pixels' middles. */
export function fillPolygon(mask: Mask, points: readonly Point[], erase: boolean): Rect {
  const [first] = points;
  if (!first || points.length < 3) return { left: 0, top: 0, right: 0, bottom: 0 };
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  // Not spread into Math.min: a long lasso has more points than a call has places.
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  const corner = { x: least(xs), y: least(ys) };
  const touched = pixelsAround(mask, corner, { x: most(xs), y: most(ys) }, 0);
  for (let y = touched.top; y < touched.bottom; y++) {
    const crossings = crossingsAt(points, y + 0.5);
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      const start = Math.max(touched.left, Math.ceil((crossings[index] as number) - 0.5));
      const end = Math.min(touched.right, Math.ceil((crossings[index + 1] as number) - 0.5));
      if (end > start) {
        mask.data.fill(erase ? 0 : FULL, y * mask.width + start, y * mask.width + end);
      }
    }
  }
  return touched;
}

function crossingsAt(points: readonly Point[], y: number): number[] {
  const found: number[] = [];
  let before = points.at(-1) as Point;
  for (const point of points) {
    if (before.y > y !== point.y > y) {
      found.push(before.x + ((y - before.y) * (point.x - before.x)) / (point.y - before.y));
    }
    before = point;
  }
  return found.sort((a, b) => a - b);
}

export function invert(mask: Mask): Rect {
  for (let at = 0; at < mask.data.length; at++) mask.data[at] = FULL - (mask.data[at] as number);
  return wholeOf(mask);
}

export function clear(mask: Mask): Rect {
  mask.data.fill(0);
  return wholeOf(mask);
}

/** Adds what was selected elsewhere, or takes it away. */
export function combine(mask: Mask, selected: Uint8Array, erase: boolean): Rect {
  for (let at = 0; at < mask.data.length; at++) {
    const [now, value] = [mask.data[at] as number, selected[at] ?? 0];
    mask.data[at] = erase ? Math.min(now, FULL - value) : Math.max(now, value);
  }
  return wholeOf(mask);
}

/** The bytes of a rectangle, by themselves. */
export function cut(data: Uint8Array, width: number, rect: Rect): Uint8Array<ArrayBuffer> {
  const across = rect.right - rect.left;
  const piece = new Uint8Array(across * (rect.bottom - rect.top));
  for (let y = rect.top; y < rect.bottom; y++) {
    const from = y * width + rect.left;
    piece.set(data.subarray(from, from + across), (y - rect.top) * across);
  }
  return piece;
}

export function paste(mask: Mask, piece: Uint8Array, rect: Rect): void {
  const across = rect.right - rect.left;
  for (let y = rect.top; y < rect.bottom; y++) {
    const from = (y - rect.top) * across;
    mask.data.set(piece.subarray(from, from + across), y * mask.width + rect.left);
  }
}

/** A rectangle as pixels to be drawn: grey values for a file, or one colour with the mask as its opacity. */
export function imageDataOf(
  mask: Mask,
  rect: Rect,
  colour?: readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const across = rect.right - rect.left;
  const pixels = new Uint8ClampedArray(across * (rect.bottom - rect.top) * 4);
  let to = 0;
  for (let y = rect.top; y < rect.bottom; y++) {
    for (let x = rect.left; x < rect.right; x++, to += 4) {
      const value = mask.data[y * mask.width + x] as number;
      pixels[to] = colour ? colour[0] : value;
      pixels[to + 1] = colour ? colour[1] : value;
      pixels[to + 2] = colour ? colour[2] : value;
      pixels[to + 3] = colour ? value : FULL;
    }
  }
  return pixels;
}
