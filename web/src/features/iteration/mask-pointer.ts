/** Pointers on the picture: strokes, shapes, selections, and two fingers that move and zoom. */
import { type PointerEvent as ReactPointerEvent, useRef, useState } from "react";
import type { Point } from "./mask-pixels";
import type { MaskSession } from "./mask-session";
import { brushOf, pressureOf, type ToolSettings } from "./mask-tools";
import { inPicture, type View } from "./mask-view";

type Viewing = {
  view: View | null;
  zoom: (factor: number, at?: Point) => void;
  move: (x: number, y: number) => void;
};

type PointerTask = {
  session: MaskSession;
  settings: ToolSettings;
  viewing: Viewing;
  onSelect: (at: Point) => void;
  /** Where the brush is, to be shown; null when the pointer has left. */
  onHover: (at: Point | null) => void;
};

const ERASER = 32;
const MIDDLE = 1;

export function useMaskPointer({ session, settings, viewing, onSelect, onHover }: PointerTask) {
  const touching = useRef(new Map<number, Point>());
  const doing = useRef<"stroke" | "shape" | "move" | "pinch" | null>(null);
  const [shape, setShape] = useState<Point[]>([]);
  const points = useRef<Point[]>([]);
  const { view, zoom, move } = viewing;

  const draw = (next: Point[]) => {
    points.current = next;
    setShape(next);
  };
  const placeOf = (event: { clientX: number; clientY: number }, frame: Element): Point => {
    const box = frame.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const onPointerDown = (event: ReactPointerEvent<HTMLElement>) => {
    if (!view || (event.button !== 0 && event.button !== MIDDLE && event.buttons !== ERASER))
      return;
    const frame = event.currentTarget;
    frame.setPointerCapture(event.pointerId);
    const place = placeOf(event, frame);
    touching.current.set(event.pointerId, place);
    if (touching.current.size > 1) {
      session.abandon();
      draw([]);
      doing.current = "pinch";
      return;
    }
    const at = inPicture(view, place);
    if (event.button === MIDDLE || settings.tool === "move") doing.current = "move";
    else if (settings.tool === "select") onSelect(at);
    else if (settings.tool === "brush") {
      doing.current = "stroke";
      const eraser = (event.buttons & ERASER) !== 0;
      session.begin(at, brushOf(settings, pressureOf(event.nativeEvent), eraser));
    } else {
      doing.current = "shape";
      draw([at, at]);
    }
  };

  const onPointerMove = (event: ReactPointerEvent<HTMLElement>) => {
    if (!view) return;
    const frame = event.currentTarget;
    const place = placeOf(event, frame);
    const before = touching.current.get(event.pointerId);
    onHover(inPicture(view, place));
    if (!before) return;
    if (doing.current === "pinch") pinch(event.pointerId, before, place);
    else if (doing.current === "move") move(place.x - before.x, place.y - before.y);
    touching.current.set(event.pointerId, place);
    if (doing.current === "stroke") {
      const eraser = (event.buttons & ERASER) !== 0;
      for (const each of allOf(event.nativeEvent)) {
        const brush = brushOf(settings, pressureOf(each), eraser);
        session.extend(inPicture(view, placeOf(each, frame)), brush);
      }
    } else if (doing.current === "shape") {
      const at = inPicture(view, place);
      const [first = at] = points.current;
      draw(settings.tool === "rectangle" ? [first, at] : [...points.current, at]);
    }
  };

  const pinch = (id: number, before: Point, now: Point) => {
    const [other] = [...touching.current].filter(([its]) => its !== id).map(([, place]) => place);
    if (!other) return;
    const far = (place: Point) => Math.hypot(place.x - other.x, place.y - other.y);
    move((now.x - before.x) / 2, (now.y - before.y) / 2);
    if (far(before) > 0) {
      zoom(far(now) / far(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    }
  };

  const onPointerUp = (event: ReactPointerEvent<HTMLElement>) => {
    if (!touching.current.delete(event.pointerId)) return;
    if (doing.current === "stroke") session.end();
    if (doing.current === "shape") closeShape();
    // Of two fingers the one that is left does nothing.
    if (touching.current.size === 0) doing.current = null;
  };
  const onPointerCancel = (event: ReactPointerEvent<HTMLElement>) => {
    touching.current.delete(event.pointerId);
    session.abandon();
    draw([]);
    doing.current = null;
  };

  const closeShape = () => {
    const [first, second] = points.current;
    if (first && second && settings.tool === "rectangle")
      session.rectangle(first, second, settings.erase);
    else if (settings.tool === "lasso") session.lasso(points.current, settings.erase);
    draw([]);
  };
  const onPointerLeave = () => onHover(null);
  const handlers = { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onPointerLeave };
  return { handlers, shape, draw, closeShape };
}

/** Every place between two frames, where the browser tells them. */
function allOf(event: PointerEvent): PointerEvent[] {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length > 0 ? all : [event];
}
