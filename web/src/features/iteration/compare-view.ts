/** One zoom and one place for all pictures that are compared: 1 shows each as a whole. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { listenToGestures } from "@/features/library/viewer/gestures";
import { clampView, type Size, type View, zoomAt } from "@/features/library/viewer/zoom";

const CLOSEST = 32;
const STEP = 1.5;
const NEAR = 4;
const WHOLE: View = { scale: 1, x: 0, y: 0 };

export type SharedView = ReturnType<typeof useSharedView>;

export function useSharedView() {
  const [view, setView] = useState(WHOLE);
  const show = (next: View, stage: Size) => {
    const scale = Math.min(CLOSEST, Math.max(1, next.scale));
    const kept = scale === next.scale ? next : zoomAt(view, scale, { x: 0, y: 0 });
    setView(clampView(kept, stage, stage));
  };
  const zoomBy = (factor: number) => {
    const scale = Math.min(CLOSEST, Math.max(1, view.scale * factor));
    setView(scale === 1 ? WHOLE : zoomAt(view, scale, { x: 0, y: 0 }));
  };
  return {
    view,
    show,
    zoomIn: () => zoomBy(STEP),
    zoomOut: () => zoomBy(1 / STEP),
    showAll: () => setView(WHOLE),
  };
}

/** Lets one stage move all. */
export function useSharedGestures(stage: RefObject<HTMLElement | null>, shared: SharedView): void {
  const latest = useRef(shared);
  latest.current = shared;
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const size = (): Size => ({ width: element.clientWidth, height: element.clientHeight });
    const zoomTo = (scale: number, at: { x: number; y: number }) => {
      const { view, show } = latest.current;
      show(zoomAt(view, Math.min(CLOSEST, Math.max(1, scale)), at), size());
    };
    return listenToGestures(element, () => ({
      zoomed: () => latest.current.view.scale > 1,
      view: () => latest.current.view,
      show: (next) => latest.current.show(next, size()),
      zoomBy: (factor, at) => zoomTo(latest.current.view.scale * factor, at),
      toggle: (at) => (latest.current.view.scale > 1 ? latest.current.showAll() : zoomTo(NEAR, at)),
      drag: () => {},
      drop: () => {},
    }));
  }, [stage]);
}
