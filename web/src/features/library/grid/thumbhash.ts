/**
 * Reads thumbhashes (https://evanw.github.io/thumbhash/): 25 bytes that hold a picture's colours as a few cosines.
 * The blur is all that is wanted here, so it is drawn small and without its alpha channel.
 */
export type Blur = { width: number; height: number; pixels: Uint8ClampedArray<ArrayBuffer> };

const LONG_SIDE = 20;
/** Colours are boosted a little, for what rounding them took. */
const BOOST = 1.25;

export function readHash(base64: string): Uint8Array | null {
  try {
    const hash = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return hash.length >= 5 ? hash : null;
  } catch {
    return null;
  }
}

type Head = { l: number; p: number; q: number; scales: [number, number, number]; alpha: boolean };

function head(hash: Uint8Array): Head {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = hash;
  const first = a | (b << 8) | (c << 16);
  const second = d | (e << 8);
  return {
    l: (first & 63) / 63,
    p: ((first >> 6) & 63) / 31.5 - 1,
    q: ((first >> 12) & 63) / 31.5 - 1,
    scales: [
      ((first >> 18) & 31) / 31,
      (((second >> 3) & 63) / 63) * BOOST,
      (((second >> 9) & 63) / 63) * BOOST,
    ],
    alpha: first >> 23 !== 0,
  };
}

/** Whether something of the picture is transparent. */
export function isTransparent(hash: Uint8Array): boolean {
  return head(hash).alpha;
}

/** The average colour, as CSS; costs next to nothing. */
export function averageColour(hash: Uint8Array): string {
  const { l, p, q } = head(hash);
  const [r, g, b] = toRgb(l, p, q).map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255));
  return `rgb(${r} ${g} ${b})`;
}

function toRgb(l: number, p: number, q: number): [number, number, number] {
  const b = l - (2 / 3) * p;
  const r = (3 * l - b + q) / 2;
  return [r, r - q, b];
}

/** How many cosines lightness has across and down. */
function detail(hash: Uint8Array, alpha: boolean): [number, number] {
  const [, , , d = 0, e = 0] = hash;
  const landscape = e >> 7 !== 0;
  const long = alpha ? 5 : 7;
  return landscape ? [long, d & 7] : [d & 7, long];
}

type Wave = { x: number; y: number; l: number; p: number; q: number };

/** The factors of every cosine, of all three channels in one list. */
function waves(hash: Uint8Array, { scales, alpha }: Head, lx: number, ly: number): Wave[] {
  const found = new Map<number, Wave>();
  let nibble = (alpha ? 6 : 5) * 2;
  for (const [channel, nx, ny] of [
    ["l", lx, ly] as const,
    ["p", 3, 3] as const,
    ["q", 3, 3] as const,
  ]) {
    const scale = scales[channel === "l" ? 0 : channel === "p" ? 1 : 2];
    for (let y = 0; y < ny; y += 1) {
      for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x += 1) {
        const byte = hash[nibble >> 1] ?? 0x88;
        const factor = (((byte >> ((nibble & 1) << 2)) & 15) / 7.5 - 1) * scale;
        nibble += 1;
        const wave = found.get(y * 8 + x) ?? { x, y, l: 0, p: 0, q: 0 };
        wave[channel] = factor;
        found.set(y * 8 + x, wave);
      }
    }
  }
  return [...found.values()];
}

function cosines(size: number, count: number): Float64Array {
  const table = new Float64Array(size * count);
  for (let at = 0; at < size; at += 1) {
    for (let wave = 0; wave < count; wave += 1)
      table[at * count + wave] = Math.cos((Math.PI / size) * (at + 0.5) * wave);
  }
  return table;
}

/** The blurred picture, in its own shape. */
export function drawHash(hash: Uint8Array): Blur {
  const facts = head(hash);
  const [across, down] = detail(hash, facts.alpha);
  const ratio = across / Math.max(1, down);
  const width = Math.max(1, Math.round(ratio > 1 ? LONG_SIDE : LONG_SIDE * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? LONG_SIDE / ratio : LONG_SIDE));
  const parts = waves(hash, facts, Math.max(3, across), Math.max(3, down));
  const [cosX, cosY] = [cosines(width, 8), cosines(height, 8)];
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4) {
      let { l, p, q } = facts;
      for (const wave of parts) {
        const f = (cosX[x * 8 + wave.x] ?? 0) * (cosY[y * 8 + wave.y] ?? 0) * 2;
        l += wave.l * f;
        p += wave.p * f;
        q += wave.q * f;
      }
      const [r, g, b] = toRgb(l, p, q);
      pixels[at] = r * 255;
      pixels[at + 1] = g * 255;
      pixels[at + 2] = b * 255;
      pixels[at + 3] = 255;
    }
  }
  return { width, height, pixels };
}

const HEADER = 54;

/** A blur as the address of a BMP: that is written in a moment, and every browser reads it. */
export function toBitmap({ width, height, pixels }: Blur): string {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(HEADER + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, HEADER, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  // Below zero: the first row is the top one.
  view.setInt32(22, -height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      const to = HEADER + y * stride + x * 3;
      bytes[to] = pixels[from + 2] ?? 0;
      bytes[to + 1] = pixels[from + 1] ?? 0;
      bytes[to + 2] = pixels[from] ?? 0;
    }
  }
  return `data:image/bmp;base64,${btoa(String.fromCharCode(...bytes))}`;
}
