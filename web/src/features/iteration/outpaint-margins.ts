/** How far a picture grows at each side, and what its model takes of that. */
import type { SizesOut } from "@/api/types.gen";
import { megapixels, type Ratio } from "@/features/catalogue/sizes";

export type Side = "left" | "top" | "right" | "bottom";
export type Margins = Record<Side, number>;
type Size = { width: number; height: number };

export const SIDES: readonly Side[] = ["left", "top", "right", "bottom"];
export const NONE: Margins = { left: 0, top: 0, right: 0, bottom: 0 };

export const isNone = (margins: Margins) => SIDES.every((side) => margins[side] === 0);

const across = (side: Side) => side === "left" || side === "right";
const opposite: Record<Side, Side> = { left: "right", right: "left", top: "bottom", bottom: "top" };

/** The size of the result: where a model makes only multiples, the right and the lower side take what is missing. */
export function grownSize({ width, height }: Size, margins: Margins, step: number): Size {
  const up = (value: number) => Math.ceil(value / step) * step;
  return {
    width: up(width + margins.left + margins.right),
    height: up(height + margins.top + margins.bottom),
  };
}

/** The most that a side can grow with the others as they are. */
export function mostOf(side: Side, picture: Size, margins: Margins, sizes: SizesOut): number {
  const own = across(side) ? picture.width : picture.height;
  const wide = grownSize(picture, margins, sizes.step);
  const other = across(side) ? wide.height : wide.width;
  const pixels = typeof sizes.max_pixels === "number" ? sizes.max_pixels / other : sizes.maximum;
  const longest = Math.floor(Math.min(sizes.maximum, pixels) / sizes.step) * sizes.step;
  return Math.max(0, longest - own - margins[opposite[side]]);
}

export function withSide(
  side: Side,
  value: number,
  picture: Size,
  margins: Margins,
  sizes: SizesOut,
): Margins {
  const most = mostOf(side, picture, margins, sizes);
  return { ...margins, [side]: Math.round(Math.min(most, Math.max(0, value))) };
}

/** The margins that give a picture a shape, the same on both sides. */
export function toRatio({ width, height }: Size, ratio: Ratio): Margins {
  const [wide = 1, high = 1] = ratio.split(":").map(Number);
  const moreAcross = Math.max(0, Math.round((height * wide) / high) - width);
  const moreDown = Math.max(0, Math.round((width * high) / wide) - height);
  const [left, top] = [Math.floor(moreAcross / 2), Math.floor(moreDown / 2)];
  return { left, top, right: moreAcross - left, bottom: moreDown - top };
}

/** "at most 2048 a side and 4 megapixels" */
export function limitText({ maximum, max_pixels, only }: SizesOut): string {
  if (only.length > 0) return `${only.length} sizes only`;
  const together = typeof max_pixels === "number" ? `, ${megapixels(max_pixels)} megapixels` : "";
  return `at most ${maximum} pixels a side${together}`;
}

export const nameOfSide: Record<Side, string> = {
  left: "Left",
  top: "Above",
  right: "Right",
  bottom: "Below",
};
