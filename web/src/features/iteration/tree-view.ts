/** The map's pan and zoom: points and offsets are pixels of the stage, from its upper left corner. */
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useState } from "react";
import {
  distance,
  type Point,
  pinch,
  type Size,
  type View,
  wheelFactor,
  zoomAt,
} from "@/features/library/viewer/zoom";
import { type Area, BOX, type Layout, type Place } from "./tree-layout";

/** Further out nothing could be told apart, and too many pictures would be on the page. */
const FURTHEST = 0.25;
const CLOSEST = 2;
/** The whole family is shown at first where it stays legible. */
const LEGIBLE = 0.55;
const STEP = 1.4;
const MARGIN = 48;
/** Pixels before a press becomes a drag. */
const STILL = 5;

const clamp = (scale: number) => Math.min(CLOSEST, Math.max(FURTHEST, scale));

/** The view that shows all of the family, as far as it can be. */
export function wholeView({ width, height }: Size, stage: Size): View {
  const across = (stage.width - 2 * MARGIN) / Math.max(1, width);
  const down = (stage.height - 2 * MARGIN) / Math.max(1, height);
  const scale = Math.min(1, clamp(Math.min(across, down)));
  return {
    scale,
    x: Math.max(MARGIN, (stage.width - width * scale) / 2),
    y: Math.max(MARGIN, (stage.height - height * scale) / 2),
  };
}

/** The view with a picture in the middle. */
export function viewOf({ x, y }: Place, stage: Size, scale: number): View {
  return {
    scale,
    x: stage.width / 2 - (x + BOX / 2) * scale,
    y: stage.height / 2 - (y + BOX / 2) * scale,
  };
}

/** The view moved so far that a picture is inside. */
export function revealed(view: View, { x, y }: Place, stage: Size): View {
  const into = (start: number, offset: number, room: number) => {
    const [from, to] = [start * view.scale + offset, (start + BOX) * view.scale + offset];
    if (from < MARGIN) return offset + MARGIN - from;
    return to > room - MARGIN ? offset + room - MARGIN - to : offset;
  };
  return { ...view, x: into(x, view.x, stage.width), y: into(y, view.y, stage.height) };
}

/** What of the map is on the stage. */
export function areaOf({ scale, x, y }: View, { width, height }: Size): Area {
  return {
    left: -x / scale,
    top: -y / scale,
    right: (width - x) / scale,
    bottom: (height - y) / scale,
  };
}

/** The first look: the whole family, or the picture one came from with what is around it. */
function firstView(layout: Layout, place: Place | undefined, stage: Size): View {
  const whole = wholeView(layout, stage);
  return whole.scale >= LEGIBLE || !place ? whole : viewOf(place, stage, 0.8);
}

export function useMapView(
  stage: RefObject<HTMLElement | null>,
  layout: Layout,
  first: Place | undefined,
) {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [view, setView] = useState<View | null>(null);
  const measure = useEffectEvent(() => {
    if (!stage.current) return;
    const { clientWidth: width, clientHeight: height } = stage.current;
    setSize({ width, height });
    setView((before) => before ?? firstView(layout, first, { width, height }));
  });
  const zoomBy = (factor: number, at: Point = { x: size.width / 2, y: size.height / 2 }) =>
    setView((before) => before && zoomAt(before, clamp(before.scale * factor), at));
  const turn = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const box = stage.current?.getBoundingClientRect();
    if (box)
      zoomBy(wheelFactor(event), { x: event.clientX - box.left, y: event.clientY - box.top });
  });
  useLayoutEffect(() => measure(), []);
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => turn(event);
    element.addEventListener("wheel", wheel, { passive: false });
    const stopDragging = listenToDrags(element, setView);
    const observer = new ResizeObserver(() => measure());
    observer.observe(element);
    return () => {
      element.removeEventListener("wheel", wheel);
      stopDragging();
      observer.disconnect();
    };
  }, [stage]);
  return {
    view: view ?? { scale: 1, x: 0, y: 0 },
    size,
    zoomIn: () => zoomBy(STEP),
    zoomOut: () => zoomBy(1 / STEP),
    showAll: () => setView(wholeView(layout, size)),
    pan: (x: number, y: number) =>
      setView((before) => before && { ...before, x: before.x + x, y: before.y + y }),
    reveal: (place: Place) => setView((before) => before && revealed(before, place, size)),
  };
}

type Change = (change: (before: View | null) => View | null) => void;

/** One pointer pans, two zoom. A press that does not move stays a click on what is under it. */
function listenToDrags(stage: HTMLElement, change: Change): () => void {
  const points = new Map<number, Point>();
  let travelled = 0;
  const place = (event: PointerEvent): Point => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const down = (event: PointerEvent) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (points.size === 0) travelled = 0;
    if (points.size < 2) points.set(event.pointerId, place(event));
  };
  const move = (event: PointerEvent) => {
    const from = points.get(event.pointerId);
    if (!from) return;
    const to = place(event);
    travelled += distance(from, to);
    const other = [...points].find(([id]) => id !== event.pointerId)?.[1];
    points.set(event.pointerId, to);
    if (travelled < STILL) return;
    // Before, the capture would take the click from the picture under the pointer.
    if (!stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
    change((before) => {
      if (!before) return before;
      if (!other) return { ...before, x: before.x + to.x - from.x, y: before.y + to.y - from.y };
      const next = pinch(before, [from, other], [to, other]);
      return next.scale === clamp(next.scale) ? next : before;
    });
  };
  const up = (event: PointerEvent) => points.delete(event.pointerId);
  const click = (event: MouseEvent) => {
    if (travelled < STILL || event.detail === 0) return;
    event.preventDefault();
    event.stopPropagation();
  };
  stage.addEventListener("pointerdown", down);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("click", click, { capture: true });
  return () => {
    stage.removeEventListener("pointerdown", down);
    stage.removeEventListener("pointermove", move);
    stage.removeEventListener("pointerup", up);
    stage.removeEventListener("pointercancel", up);
    stage.removeEventListener("click", click, { capture: true });
  };
}
