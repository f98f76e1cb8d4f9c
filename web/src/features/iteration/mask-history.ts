/** What was done to a mask, to be taken back and done again. Only the rectangles that changed are kept. */
import { cut, isEmptyRect, type Mask, paste, type Rect } from "./mask-pixels";

type Change = { rect: Rect; before: Uint8Array<ArrayBuffer>; after: Uint8Array<ArrayBuffer> };

/** So many bytes are kept; the oldest changes go first. */
const MOST_BYTES = 128 * 1024 * 1024;

const weight = ({ before, after }: Change) => before.length + after.length;

export class MaskHistory {
  #done: Change[] = [];
  #undone: Change[] = [];
  #bytes = 0;
  readonly #most: number;

  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Keeps a change that was made: `before` is the whole mask as it was. False when nothing changed. */
  record(mask: Mask, before: Uint8Array, rect: Rect): boolean {
    if (isEmptyRect(rect)) return false;
    const change = {
      rect,
      before: cut(before, mask.width, rect),
      after: cut(mask.data, mask.width, rect),
    };
    if (change.after.every((value, at) => value === change.before[at])) return false;
    for (const gone of this.#undone) this.#bytes -= weight(gone);
    this.#undone = [];
    this.#done.push(change);
    this.#bytes += weight(change);
    while (this.#bytes > this.#most && this.#done.length > 1) {
      const oldest = this.#done.shift();
      if (oldest) this.#bytes -= weight(oldest);
    }
    return true;
  }

  /** Takes the last change back; answers what it touched. */
  undo(mask: Mask): Rect | null {
    const change = this.#done.pop();
    if (!change) return null;
    this.#undone.push(change);
    paste(mask, change.before, change.rect);
    return change.rect;
  }

  redo(mask: Mask): Rect | null {
    const change = this.#undone.pop();
    if (!change) return null;
    this.#done.push(change);
    paste(mask, change.after, change.rect);
    return change.rect;
  }
}
