/** What tiles ask of their grid. One object for all of them, so that they need not draw anew. */
import type { MouseEvent } from "react";
import type { ImageOut } from "@/api/types.gen";

export type TileHost = {
  hrefOf: (image: ImageOut) => string;
  /** A click on the picture, with whatever keys are held. */
  press: (image: ImageOut, index: number, event: MouseEvent) => void;
  /** Chooses the picture, or not any more; with shift all from the last chosen one on. */
  choose: (image: ImageOut, index: number, range: boolean) => void;
  prepare: (image: ImageOut) => void;
  move: (image: ImageOut) => void;
  favourite: ((image: ImageOut) => void) | undefined;
  focused: (index: number) => void;
};
