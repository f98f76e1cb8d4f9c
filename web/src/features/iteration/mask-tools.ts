/** What the pointer does to a mask, and with which settings. */
export type Tool = "brush" | "rectangle" | "lasso" | "select" | "move";

export type ToolSettings = {
  tool: Tool;
  erase: boolean;
  /** The brush's diameter in pixels of the picture. */
  size: number;
  /** 0 to 100. */
  hardness: number;
  /** Of selecting by colour, 0 to 100. */
  tolerance: number;
};

export const INITIAL: ToolSettings = {
  tool: "brush",
  erase: false,
  size: 64,
  hardness: 80,
  tolerance: 12,
};

export const SIZES = { min: 2, max: 400 };

/** The next size of the brush: in steps that one sees, whatever the size. */
export function resized(size: number, way: 1 | -1): number {
  const next = Math.round(size + way * Math.max(1, size * 0.15));
  return Math.min(SIZES.max, Math.max(SIZES.min, next));
}

export function brushOf({ size, hardness, erase }: ToolSettings, pressure = 1, eraser = false) {
  const radius = Math.max(0.5, (size / 2) * pressure);
  return { radius, hardness: hardness / 100, erase: erase || eraser };
}

/** How much of the brush's size a pen's pressure gives; a finger and a mouse give all of it. */
export function pressureOf({ pointerType, pressure }: PointerEvent): number {
  return pointerType === "pen" && pressure > 0 ? 0.15 + 0.85 * pressure : 1;
}
