/** Choosing with a frame that a mouse draws over the grid; the page scrolls when it comes to an edge. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { type Arrangement, type Box, touched } from "../grid/arrangement";

/** Less than this is a click. */
const STILL = 6;
/** So near to an edge of the view the page begins to scroll, by so much at most. */
const EDGE = 64;
const SPEED = 24;

type Point = { x: number; y: number };

type Parts = {
  grid: RefObject<HTMLElement | null>;
  arrangement: Arrangement;
  /** Whether a frame may begin at this place of the list; null is between the pictures. */
  mayBegin: (index: number | null) => boolean;
  onBegin: (additive: boolean) => void;
  onArea: (indexes: number[]) => void;
};

export function useRubberBand(parts: Parts): Box | null {
  const { grid } = parts;
  const [frame, setFrame] = useState<Box | null>(null);
  const latest = useRef(parts);
  latest.current = parts;

  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    let start: Point | null = null;
    let last: { clientX: number; clientY: number } | null = null;
    let drawing = false;
    let scrolling = 0;

    const place = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
      const box = element.getBoundingClientRect();
      return { x: clientX - box.left, y: clientY - box.top };
    };
    const draw = () => {
      if (!start || !last) return;
      const area = between(start, place(last));
      setFrame(area);
      latest.current.onArea(touched(latest.current.arrangement, area));
    };
    const scroll = () => {
      scrolling = 0;
      if (!drawing || !last) return;
      const step = stepAt(last.clientY);
      if (step === 0) return;
      scrollBy({ top: step, behavior: "instant" });
      draw();
      scrolling = requestAnimationFrame(scroll);
    };
    const down = (event: PointerEvent) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      const target = event.target as HTMLElement;
      if (target.closest("button")) return;
      const index = target.closest<HTMLElement>("[data-index]")?.dataset.index;
      if (!latest.current.mayBegin(index === undefined ? null : Number(index))) return;
      start = place(event);
    };
    const move = (event: PointerEvent) => {
      if (!start) return;
      last = { clientX: event.clientX, clientY: event.clientY };
      const at = place(event);
      if (!drawing) {
        if (Math.hypot(at.x - start.x, at.y - start.y) < STILL) return;
        drawing = true;
        document.documentElement.style.userSelect = "none";
        latest.current.onBegin(event.ctrlKey || event.metaKey || event.shiftKey);
      }
      event.preventDefault();
      draw();
      scrolling ||= requestAnimationFrame(scroll);
    };
    const end = () => {
      if (drawing) {
        document.documentElement.style.userSelect = "";
        // The click that ends the drawing opens nothing.
        const swallow = (event: Event) => {
          event.preventDefault();
          event.stopPropagation();
        };
        element.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => element.removeEventListener("click", swallow, { capture: true }));
      }
      cancelAnimationFrame(scrolling);
      scrolling = 0;
      start = null;
      drawing = false;
      setFrame(null);
    };
    element.addEventListener("pointerdown", down);
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    return () => {
      end();
      element.removeEventListener("pointerdown", down);
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
  }, [grid]);
  return frame;
}

function between(one: Point, other: Point): Box {
  return {
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}

/** How far the page scrolls in one frame when the pointer is at this height of the view. */
export function stepAt(y: number, height = innerHeight): number {
  if (y < EDGE) return -Math.ceil((SPEED * (EDGE - Math.max(0, y))) / EDGE);
  if (y > height - EDGE) return Math.ceil((SPEED * (Math.min(height, y) - height + EDGE)) / EDGE);
  return 0;
}
