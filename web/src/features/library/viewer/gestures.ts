/** Wheel, pointers and taps on the stage, as zooming, panning and swiping. */
import { distance, type Point, pinch, type Swipe, swipeOf, type View, wheelFactor } from "./zoom";

export type Gestures = {
  zoomed: () => boolean;
  view: () => View;
  show: (view: View) => void;
  zoomBy: (factor: number, at: Point) => void;
  toggle: (at: Point) => void;
  /** A finger drags the whole picture sideways. */
  drag: (dx: number) => void;
  drop: (step: Swipe) => void;
};

const TAP_MS = 300;
const TAP_AREA = 30;
/** Less than this is not yet a drag. */
const STILL = 6;

type Start = {
  view: View;
  at: number;
  points: Map<number, Point>;
  kind: "pan" | "swipe" | "pinch";
};

/** Listens on `stage`; the answer ends that. */
export function listenToGestures(stage: HTMLElement, now: () => Gestures): () => void {
  const points = new Map<number, Point>();
  let start: Start | null = null;
  let lastPointer = "mouse";
  let lastTap = { time: 0, at: { x: 0, y: 0 } };

  const place = (event: MouseEvent): Point => {
    const box = stage.getBoundingClientRect();
    return {
      x: event.clientX - box.left - box.width / 2,
      y: event.clientY - box.top - box.height / 2,
    };
  };
  const begin = (time: number) => {
    const gestures = now();
    const kind = points.size > 1 ? "pinch" : gestures.zoomed() ? "pan" : "swipe";
    start = { view: gestures.view(), at: time, points: new Map(points), kind };
  };
  const down = (event: PointerEvent) => {
    lastPointer = event.pointerType;
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (points.size === 2) return;
    points.set(event.pointerId, place(event));
    stage.setPointerCapture(event.pointerId);
    begin(event.timeStamp);
  };
  const move = (event: PointerEvent) => {
    const from = start?.points.get(event.pointerId);
    if (!start || !from || !points.has(event.pointerId)) return;
    const at = place(event);
    points.set(event.pointerId, at);
    const { view, kind } = start;
    if (kind === "pinch") {
      const [a, b] = [...start.points.keys()];
      const [before, after] = [pair(start.points, a, b), pair(points, a, b)];
      if (before && after) now().show(pinch(view, before, after));
    } else if (kind === "pan") {
      now().show({ ...view, x: view.x + at.x - from.x, y: view.y + at.y - from.y });
    } else if (event.pointerType !== "mouse" && Math.abs(at.x - from.x) > STILL) {
      now().drag(at.x - from.x);
    }
  };
  const up = (event: PointerEvent) => {
    const from = start?.points.get(event.pointerId);
    const at = points.get(event.pointerId);
    points.delete(event.pointerId);
    if (!start || !from || !at) return;
    const ended = start;
    start = null;
    if (points.size > 0) return begin(event.timeStamp);
    if (event.pointerType === "mouse") return;
    const cancelled = event.type === "pointercancel";
    if (ended.kind === "swipe") {
      const [dx, dy] = [at.x - from.x, at.y - from.y];
      const ms = event.timeStamp - ended.at;
      if (Math.abs(dx) > STILL || cancelled)
        now().drop(cancelled ? null : swipeOf(dx, dy, ms, stage.clientWidth));
    }
    if (cancelled || ended.kind === "pinch" || distance(from, at) > STILL) return;
    const twice = event.timeStamp - lastTap.time < TAP_MS && distance(lastTap.at, at) < TAP_AREA;
    lastTap = { time: twice ? 0 : event.timeStamp, at };
    if (twice) now().toggle(at);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    now().zoomBy(wheelFactor(event), place(event));
  };
  const doubleClick = (event: MouseEvent) => {
    // Fingers have been counted above; a mouse is left to the browser, which knows its speed.
    if (lastPointer === "mouse") now().toggle(place(event));
  };

  stage.addEventListener("pointerdown", down);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("wheel", wheel, { passive: false });
  stage.addEventListener("dblclick", doubleClick);
  return () => {
    stage.removeEventListener("pointerdown", down);
    stage.removeEventListener("pointermove", move);
    stage.removeEventListener("pointerup", up);
    stage.removeEventListener("pointercancel", up);
    stage.removeEventListener("wheel", wheel);
    stage.removeEventListener("dblclick", doubleClick);
  };
}

function pair(points: Map<number, Point>, a?: number, b?: number): [Point, Point] | null {
  const one = a === undefined ? undefined : points.get(a);
  const other = b === undefined ? undefined : points.get(b);
  return one && other ? [one, other] : null;
}
