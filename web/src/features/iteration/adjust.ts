/** Simple edits as they stand in the editor, and the steps that the server takes for them. */
import type { EditIn } from "@/api/types.gen";

export type Size = { width: number; height: number };
export type Box = Size & { x: number; y: number };
export type Tone = "brightness" | "contrast" | "saturation" | "sharpness";
export type Adjust = Record<Tone, number> & {
  flipX: boolean;
  flipY: boolean;
  /** Right angles clockwise, after the flips. */
  quarters: number;
  /** Degrees clockwise, after the right angles. */
  straighten: number;
  /** In pixels of the picture as it is turned; null is all of it. */
  crop: Box | null;
};

export const TONES: readonly Tone[] = ["brightness", "contrast", "saturation", "sharpness"];
export const UNTOUCHED: Adjust = {
  flipX: false,
  flipY: false,
  quarters: 0,
  straighten: 0,
  crop: null,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  sharpness: 0,
};
/** A crop is at least so wide and high. */
const SMALLEST = 16;

/** The picture's size once turned and straightened: the crop's room. */
export function turnedSize({ width, height }: Size, { quarters, straighten }: Adjust): Size {
  const size = quarters % 2 ? { width: height, height: width } : { width, height };
  if (straighten === 0) return size;
  const angle = Math.abs(straighten) * (Math.PI / 180);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const scale = Math.min(
    size.width / (size.width * cos + size.height * sin),
    size.height / (size.width * sin + size.height * cos),
  );
  return {
    width: Math.max(1, Math.floor(size.width * scale)),
    height: Math.max(1, Math.floor(size.height * scale)),
  };
}

/** Flips, then turns, then the crop, then the tones; nothing for what is left as it is. */
export function stepsOf(size: Size, adjust: Adjust): EditIn["steps"] {
  const steps: EditIn["steps"] = [];
  if (adjust.flipX) steps.push({ op: "flip", axis: "horizontal" });
  if (adjust.flipY) steps.push({ op: "flip", axis: "vertical" });
  if (adjust.quarters) steps.push({ op: "rotate", degrees: adjust.quarters * 90 });
  if (adjust.straighten) steps.push({ op: "straighten", degrees: adjust.straighten });
  const { crop } = adjust;
  const room = turnedSize(size, adjust);
  if (crop && (crop.width < room.width || crop.height < room.height))
    steps.push({ op: "crop", ...crop });
  for (const op of TONES) if (adjust[op]) steps.push({ op, amount: adjust[op] });
  return steps;
}

/** Turned by a right angle, clockwise for 1; the crop turns along. */
export function turned(size: Size, adjust: Adjust, way: 1 | -1): Adjust {
  const { width, height } = turnedSize(size, adjust);
  const { crop } = adjust;
  const x = crop && (way === 1 ? height - crop.y - crop.height : crop.y);
  const y = crop && (way === 1 ? crop.x : width - crop.x - crop.width);
  return {
    ...adjust,
    quarters: (adjust.quarters + way + 4) % 4,
    crop: crop && { x: x ?? 0, y: y ?? 0, width: crop.height, height: crop.width },
  };
}

/** Mirrored as it is seen. What was turned one way before the mirror is turned the other way after it. */
export function flipped(size: Size, adjust: Adjust, axis: "horizontal" | "vertical"): Adjust {
  const { width, height } = turnedSize(size, adjust);
  const { crop, flipX, flipY, quarters, straighten } = adjust;
  const across = axis === "horizontal";
  return {
    ...adjust,
    flipX: across ? !flipX : flipX,
    flipY: across ? flipY : !flipY,
    quarters: (4 - quarters) % 4,
    straighten: straighten === 0 ? 0 : -straighten,
    crop:
      crop &&
      (across
        ? { ...crop, x: width - crop.x - crop.width }
        : { ...crop, y: height - crop.y - crop.height }),
  };
}

/** The largest box of a ratio in the middle of a picture. */
export function boxOf({ width, height }: Size, ratio: number): Box {
  const wide = Math.max(1, Math.round(Math.min(width, height * ratio)));
  const high = Math.max(1, Math.round(Math.min(height, width / ratio)));
  return {
    x: Math.floor((width - wide) / 2),
    y: Math.floor((height - high) / 2),
    width: wide,
    height: high,
  };
}

export function movedBox(box: Box, dx: number, dy: number, room: Size): Box {
  return {
    ...box,
    x: clamp(Math.round(box.x + dx), 0, room.width - box.width),
    y: clamp(Math.round(box.y + dy), 0, room.height - box.height),
  };
}

export type Corner = { right: boolean; bottom: boolean };

/** A box whose corner was drawn by so much; the opposite corner stays, and the ratio where there is one. */
export function resizedBox(
  box: Box,
  { right, bottom }: Corner,
  dx: number,
  dy: number,
  room: Size,
  ratio: number | null,
): Box {
  const anchor = {
    x: right ? box.x : box.x + box.width,
    y: bottom ? box.y : box.y + box.height,
  };
  const most = {
    width: right ? room.width - anchor.x : anchor.x,
    height: bottom ? room.height - anchor.y : anchor.y,
  };
  let width = clamp(box.width + (right ? dx : -dx), SMALLEST, most.width);
  let height = clamp(box.height + (bottom ? dy : -dy), SMALLEST, most.height);
  if (ratio !== null) {
    width = Math.min(Math.max(width, height * ratio), most.width, most.height * ratio);
    height = width / ratio;
  }
  width = clamp(Math.round(width), 1, most.width);
  height = clamp(Math.round(height), 1, most.height);
  return {
    x: right ? anchor.x : anchor.x - width,
    y: bottom ? anchor.y : anchor.y - height,
    width,
    height,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, Math.min(least, most)), most);
}
