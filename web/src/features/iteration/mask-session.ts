/** One mask being edited: its bytes, its history, and the canvas that shows it. */
import { MaskHistory } from "./mask-history";
import {
  around,
  type Brush,
  blankMask,
  clear,
  combine,
  fillPolygon,
  fillRect,
  imageDataOf,
  invert,
  isBlank,
  type Mask,
  type Point,
  paintSegment,
  type Rect,
  wholeOf,
} from "./mask-pixels";
import type { AreaWork } from "./mask-worker";

export type MaskState = { empty: boolean; canUndo: boolean; canRedo: boolean; busy: boolean };
const VIOLET = [139, 92, 246] as const;

export class MaskSession {
  readonly mask: Mask;
  #history = new MaskHistory();
  #state: MaskState = { empty: true, canUndo: false, canRedo: false, busy: false };
  #listeners = new Set<() => void>();
  #canvas: HTMLCanvasElement | null = null;
  #dirty: Rect | null = null;
  #frame = 0;
  #stroke: { before: Uint8Array; last: Point; rect: Rect | null } | null = null;

  constructor(width: number, height: number) {
    this.mask = blankMask(width, height);
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): MaskState => this.#state;

  /** Shows the mask on a canvas of the picture's size, or on none. */
  readonly showOn = (canvas: HTMLCanvasElement | null): void => {
    this.#canvas = canvas;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (canvas) this.#draw(wholeOf(this.mask));
  };

  /** A stroke begins; until it ends it is one change. */
  begin(at: Point, brush: Brush): void {
    this.end();
    this.#stroke = { before: this.mask.data.slice(), last: at, rect: null };
    this.extend(at, brush);
  }

  extend(to: Point, brush: Brush): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    const touched = paintSegment(this.mask, stroke.last, to, brush);
    stroke.last = to;
    stroke.rect = around(stroke.rect, touched);
    this.#draw(touched);
  }

  end(): void {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (stroke?.rect) this.#keep(stroke.before, stroke.rect);
  }

  /** Undoes a stroke that turned out to be none: a second finger came. */
  abandon(): void {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (!stroke) return;
    this.mask.data.set(stroke.before);
    if (stroke.rect) this.#draw(stroke.rect);
  }

  rectangle(from: Point, to: Point, erase: boolean): void {
    this.#change(() => fillRect(this.mask, from, to, erase));
  }

  lasso(points: readonly Point[], erase: boolean): void {
    this.#change(() => fillPolygon(this.mask, points, erase));
  }

  readonly invert = (): void => this.#change(() => invert(this.mask));
  readonly clear = (): void => this.#change(() => clear(this.mask));

  /** Puts another mask of the same size in its place. */
  replace(data: Uint8Array): void {
    this.#change(() => {
      this.mask.data.set(data);
      return wholeOf(this.mask);
    });
  }

  readonly undo = (): void => this.#shown(this.#history.undo(this.mask));
  readonly redo = (): void => this.#shown(this.#history.redo(this.mask));

  /** Adds or takes away what hangs together with a point in about its colour. */
  async select(
    pixels: Uint8ClampedArray<ArrayBuffer>,
    start: Point,
    tolerance: number,
    erase: boolean,
  ): Promise<void> {
    const { width, height } = this.mask;
    const found = await this.#besides({
      kind: "select",
      pixels,
      size: { width, height },
      start,
      tolerance,
    });
    this.#change(() => combine(this.mask, found, erase));
  }

  async feather(radius: number): Promise<void> {
    const { width, height, data } = this.mask;
    const soft = await this.#besides({ kind: "feather", data, size: { width, height }, radius });
    this.replace(soft);
  }

  /** The mask as it is sent: a grey PNG of the picture's exact size, white where it is to change. */
  toDataUrl(): string {
    const { width, height } = this.mask;
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const pixels = imageDataOf(this.mask, wholeOf(this.mask));
    canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
    return canvas.toDataURL("image/png");
  }

  #change(how: () => Rect): void {
    if (this.#state.busy) return;
    this.end();
    const before = this.mask.data.slice();
    const rect = how();
    this.#keep(before, rect);
    this.#draw(rect);
  }

  #keep(before: Uint8Array, rect: Rect): void {
    this.#history.record(this.mask, before, rect);
    this.#tell();
  }

  #shown(rect: Rect | null): void {
    if (!rect) return;
    this.#draw(rect);
    this.#tell();
  }

  #tell(busy = this.#state.busy): void {
    const { canUndo, canRedo } = this.#history;
    this.#state = { empty: isBlank(this.mask), canUndo, canRedo, busy };
    for (const listener of this.#listeners) listener();
  }

  /** All that changed since the last frame is drawn with the next one, and no more than that. */
  #draw(rect: Rect): void {
    this.#dirty = around(this.#dirty, rect);
    if (this.#frame !== 0 || !this.#canvas) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const [dirty, context] = [this.#dirty, this.#canvas?.getContext("2d")];
      this.#dirty = null;
      if (!dirty || !context) return;
      const pixels = imageDataOf(this.mask, dirty, VIOLET);
      const across = dirty.right - dirty.left;
      context.putImageData(new ImageData(pixels, across), dirty.left, dirty.top);
    });
  }

  async #besides(work: AreaWork): Promise<Uint8Array> {
    const worker = new Worker(new URL("./mask-worker.ts", import.meta.url), { type: "module" });
    this.#tell(true);
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
        worker.onerror = () => reject(new Error("The selection could not be worked out."));
        worker.postMessage(work);
      });
    } finally {
      worker.terminate();
      this.#tell(false);
    }
  }
}
