/** The maths of zooming and panning. Points and offsets are CSS pixels from the middle of the stage. */
export type Size = { width: number; height: number };
export type Point = { x: number; y: number };
/** How the picture lies on the stage: CSS pixels per picture pixel, and its middle's offset. */
export type View = { scale: number; x: number; y: number };

/** A small picture is enlarged to fill the stage, but not beyond this. */
const ENLARGED = 2;
/** Screen pixels that one picture pixel may take. */
const CLOSEST = 16;

/** The scale at which all of the picture shows. */
export function fitScale(picture: Size, stage: Size): number {
  if (picture.width <= 0 || picture.height <= 0 || stage.width <= 0 || stage.height <= 0) return 1;
  return Math.min(stage.width / picture.width, stage.height / picture.height, ENLARGED);
}

/** The scale at which one picture pixel is one pixel of the screen. */
export const actualScale = (ratio: number): number => 1 / ratio;

/** How far out and in one may zoom, where `whole` shows all and `ratio` is the screen's pixels per CSS pixel. */
export function limits(whole: number, ratio: number): { min: number; max: number } {
  const min = Math.min(whole, actualScale(ratio));
  return { min, max: Math.max(CLOSEST / ratio, min * 2) };
}

/** Keeps the picture on the stage: no edge comes further in than it must. */
export function clampView(view: View, picture: Size, stage: Size): View {
  const x = Math.max(0, (picture.width * view.scale - stage.width) / 2);
  const y = Math.max(0, (picture.height * view.scale - stage.height) / 2);
  return {
    scale: view.scale,
    x: Math.min(x, Math.max(-x, view.x)),
    y: Math.min(y, Math.max(-y, view.y)),
  };
}

/** Zooms to `scale` so that what is under `at` stays under it. */
export function zoomAt(view: View, scale: number, at: Point): View {
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Two fingers that were at `from` are at `to`: the picture follows them. */
export function pinch(view: View, from: [Point, Point], to: [Point, Point]): View {
  const spread = distance(...from);
  const scale = spread > 0 ? (view.scale * distance(...to)) / spread : view.scale;
  const [start, end] = [middle(...from), middle(...to)];
  const zoomed = zoomAt(view, scale, start);
  return { scale, x: zoomed.x + end.x - start.x, y: zoomed.y + end.y - start.y };
}

/** How a turn of the wheel changes the scale; a pinch on a touchpad arrives as a wheel with ctrl. */
export function wheelFactor(event: {
  deltaY: number;
  deltaMode: number;
  ctrlKey: boolean;
}): number {
  const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
  const turn = Math.max(-200, Math.min(200, event.deltaY * lines));
  return Math.exp(-turn * (event.ctrlKey ? 0.01 : 0.002));
}

export type Swipe = "previous" | "next" | null;

/** What letting go of a sideways drag means: far enough, or fast enough, is a step. */
export function swipeOf(dx: number, dy: number, ms: number, width: number): Swipe {
  if (Math.abs(dx) < Math.abs(dy) * 1.2) return null;
  const far = Math.abs(dx) > Math.min(120, width * 0.25);
  const fast = Math.abs(dx) > 30 && Math.abs(dx) / Math.max(1, ms) > 0.5;
  if (!far && !fast) return null;
  return dx > 0 ? "previous" : "next";
}

export function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

export function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
