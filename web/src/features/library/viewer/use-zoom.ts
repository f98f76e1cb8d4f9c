/** A picture on a stage that follows wheel, fingers and mouse. The picture is moved without React; only the scale is state. */
import {
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { type Gestures, listenToGestures } from "./gestures";
import {
  actualScale,
  clampView,
  fitScale,
  limits,
  type Point,
  type Size,
  type View,
  zoomAt,
} from "./zoom";

const STEP = 1.5;
/** Room around a picture that shows as a whole, on screens that have it to spare. */
const MARGIN = 24;
const WIDE = 640;
const MIDDLE: Point = { x: 0, y: 0 };

type Parts = {
  stage: RefObject<HTMLElement | null>;
  /** What is moved and scaled; as large as the picture. */
  frame: RefObject<HTMLElement | null>;
  picture: Size;
  /** Another picture begins anew. */
  id: string;
  onSwipe: (step: "previous" | "next") => void;
};

export function useZoom({ stage, frame, picture, id, onSwipe }: Parts) {
  const view = useRef<View>({ scale: 1, x: 0, y: 0 });
  const fitted = useRef(true);
  const [scale, setScale] = useState(1);
  const [atFit, setAtFit] = useState(true);
  const { width, height } = picture;

  const stageSize = (): Size => ({
    width: stage.current?.clientWidth ?? 0,
    height: stage.current?.clientHeight ?? 0,
  });
  const wholeScale = (): number => {
    const { width: across, height: down } = stageSize();
    const margin = across >= WIDE ? 2 * MARGIN : 0;
    return fitScale(picture, { width: across - margin, height: down - margin });
  };
  const draw = (next: View, smooth: boolean) => {
    view.current = next;
    if (frame.current) {
      frame.current.style.transition = smooth ? "transform 200ms cubic-bezier(0.4, 0, 0.2, 1)" : "";
      frame.current.style.transform = `translate(${next.x}px, ${next.y}px) scale(${next.scale})`;
    }
    setScale(next.scale);
  };
  const show = (next: View, smooth = false) => {
    const size = stageSize();
    const whole = wholeScale();
    const { min, max } = limits(whole, devicePixelRatio);
    const within = Math.min(max, Math.max(min, next.scale));
    // A pinch beyond the limits must not carry the picture along.
    const kept = within === next.scale ? next : { ...next, scale: within };
    fitted.current = Math.abs(within / whole - 1) < 0.01;
    setAtFit(fitted.current);
    draw(clampView(kept, picture, size), smooth);
  };
  const showAll = (smooth = true) => show({ scale: wholeScale(), ...MIDDLE }, smooth);
  const zoomTo = (next: number, at: Point = MIDDLE, smooth = true) => {
    const { min, max } = limits(wholeScale(), devicePixelRatio);
    show(zoomAt(view.current, Math.min(max, Math.max(min, next)), at), smooth);
  };
  /** Between all of it and its own pixels; where these are the same, twice as near. */
  const toggle = (at: Point) => {
    if (!fitted.current) return showAll();
    zoomTo(Math.max(actualScale(devicePixelRatio), wholeScale() * 2), at);
  };

  const gestures: Gestures = {
    zoomed: () => !fitted.current,
    view: () => view.current,
    show: (next) => show(next),
    zoomBy: (factor, at) => zoomTo(view.current.scale * factor, at, false),
    toggle,
    drag: (dx) => draw({ scale: view.current.scale, x: dx, y: 0 }, false),
    drop: (step) => {
      if (step) onSwipe(step);
      showAll();
    },
  };
  const latest = useRef(gestures);
  latest.current = gestures;
  const refit = useEffectEvent(() => {
    if (fitted.current) showAll(false);
    else show(view.current);
  });
  const begin = useEffectEvent(() => showAll(false));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture, or another size of it, begins anew.
  useLayoutEffect(() => begin(), [id, width, height]);
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const stop = listenToGestures(element, () => latest.current);
    if (typeof ResizeObserver === "undefined") return stop;
    const observer = new ResizeObserver(() => refit());
    observer.observe(element);
    return () => {
      stop();
      observer.disconnect();
    };
  }, [stage]);

  return {
    scale,
    atFit,
    zoomIn: () => zoomTo(view.current.scale * STEP),
    zoomOut: () => zoomTo(view.current.scale / STEP),
    showAll: () => showAll(),
    actual: () => zoomTo(actualScale(devicePixelRatio)),
    pan: (x: number, y: number) =>
      show({ ...view.current, x: view.current.x + x, y: view.current.y + y }, true),
  };
}
