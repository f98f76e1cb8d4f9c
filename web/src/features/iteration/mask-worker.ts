/** Does beside the page what would hold its frames up. */
import { feathered, selectByColour } from "./mask-areas";

type Size = { width: number; height: number };
export type AreaWork =
  | {
      kind: "select";
      pixels: Uint8ClampedArray<ArrayBuffer>;
      size: Size;
      start: { x: number; y: number };
      tolerance: number;
    }
  | { kind: "feather"; data: Uint8Array<ArrayBuffer>; size: Size; radius: number };

addEventListener("message", ({ data: work }: MessageEvent<AreaWork>) => {
  const made =
    work.kind === "select"
      ? selectByColour(work.pixels, work.size, work.start, work.tolerance)
      : feathered(work.data, work.size, work.radius);
  postMessage(made, { transfer: [made.buffer] });
});
