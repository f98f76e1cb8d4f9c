/** What takes longer than a frame: selecting by colour and feathering. Pure, so that a worker can do it. */

/** How far two colours are apart that are the opposite of each other, in a channel. */
const MOST = 255;

type Size = { width: number; height: number };

/**
 * Everything that hangs together with a point and has about its colour: 255 there, else 0.
 * `tolerance` is 0 (this very colour) to 100 (anything); `pixels` is RGBA.
 */
export function selectByColour(
  pixels: Uint8ClampedArray,
  { width, height }: Size,
  start: { x: number; y: number },
  tolerance: number,
): Uint8Array<ArrayBuffer> {
  const selected = new Uint8Array(width * height);
  const [x, y] = [Math.floor(start.x), Math.floor(start.y)];
  if (x < 0 || y < 0 || x >= width || y >= height) return selected;
  const origin = (y * width + x) * 4;
  const seed = [0, 1, 2, 3].map((channel) => pixels[origin + channel] as number);
  const near = (tolerance / 100) * MOST;
  const like = (at: number) => {
    if (selected[at] !== 0) return false;
    for (let channel = 0; channel < 4; channel++) {
      const apart = (pixels[at * 4 + channel] as number) - (seed[channel] as number);
      if (apart > near || apart < -near) return false;
    }
    return true;
  };
  // Whole runs of a row at once, with the rows above and below left for later.
  const waiting = [y * width + x];
  while (waiting.length > 0) {
    const at = waiting.pop() as number;
    if (!like(at)) continue;
    const row = Math.floor(at / width) * width;
    let left = at;
    while (left > row && like(left - 1)) left--;
    let right = at;
    while (right + 1 < row + width && like(right + 1)) right++;
    selected.fill(255, left, right + 1);
    for (const other of [row - width, row + width]) {
      if (other < 0 || other >= width * height) continue;
      let inRun = false;
      for (let place = left; place <= right; place++) {
        const next = place - row + other;
        const runs = like(next);
        if (runs && !inRun) waiting.push(next);
        inRun = runs;
      }
    }
  }
  return selected;
}

/** A mask with soft edges: three box blurs, which come close to a Gaussian of about half of `radius`. */
export function feathered(
  data: Uint8Array,
  { width, height }: Size,
  radius: number,
): Uint8Array<ArrayBuffer> {
  const soft = new Uint8Array(data);
  const between = new Uint8Array(data.length);
  const reach = Math.max(1, Math.round(radius / 3));
  for (let time = 0; time < 3; time++) {
    blurLines(soft, between, { lines: height, length: width, step: 1, stride: width }, reach);
    blurLines(between, soft, { lines: width, length: height, step: width, stride: 1 }, reach);
  }
  return soft;
}

type Lines = { lines: number; length: number; step: number; stride: number };

/** The mean of `reach` pixels on either side along each line; a picture's edge counts as going on. */
function blurLines(from: Uint8Array, to: Uint8Array, lines: Lines, reach: number): void {
  const { length, step, stride } = lines;
  const across = 2 * reach + 1;
  for (let line = 0; line < lines.lines; line++) {
    const first = line * stride;
    const last = first + (length - 1) * step;
    const value = (index: number) =>
      from[index < 0 ? first : index >= length ? last : first + index * step] as number;
    let sum = 0;
    for (let index = -reach; index <= reach; index++) sum += value(index);
    for (let index = 0; index < length; index++) {
      to[first + index * step] = Math.round(sum / across);
      sum += value(index + reach + 1) - value(index - reach);
    }
  }
}
