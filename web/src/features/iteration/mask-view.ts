/** Where a picture lies in its frame: how large, and how far moved. */
import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Point } from "./mask-pixels";

export type View = { scale: number; x: number; y: number };
type Size = { width: number; height: number };

const MARGIN = 16;
const [LEAST, MOST] = [0.02, 16];

export function fitted(picture: Size, frame: Size): View {
  const across = Math.max(1, frame.width - 2 * MARGIN) / picture.width;
  const down = Math.max(1, frame.height - 2 * MARGIN) / picture.height;
  const scale = Math.min(across, down, 4);
  return {
    scale,
    x: (frame.width - picture.width * scale) / 2,
    y: (frame.height - picture.height * scale) / 2,
  };
}

/** Larger or smaller, with the place `at` staying where it is. */
export function zoomed({ scale, x, y }: View, factor: number, at: Point): View {
  const next = Math.min(MOST, Math.max(LEAST, scale * factor));
  return {
    scale: next,
    x: at.x - ((at.x - x) * next) / scale,
    y: at.y - ((at.y - y) * next) / scale,
  };
}

/** A place of the frame as one of the picture. */
export function inPicture({ scale, x, y }: View, at: Point): Point {
  return { x: (at.x - x) / scale, y: (at.y - y) / scale };
}

/** The view of a picture in `frame`; it fits until someone zooms or moves it. The wheel moves, with Ctrl it zooms. */
export function useView(frame: RefObject<HTMLElement | null>, picture: Size) {
  const [view, setView] = useState<View | null>(null);
  const own = useRef(false);
  const size = useRef<Size>({ width: 0, height: 0 });
  const measure = useEffectEvent((width: number, height: number) => {
    if (width === 0 || height === 0) return;
    size.current = { width, height };
    if (!own.current) setView(fitted(picture, size.current));
  });
  const roll = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      const box = frame.current?.getBoundingClientRect();
      const at = { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
      zoom(Math.exp(-event.deltaY / 300), at);
    } else move(-event.deltaX, -event.deltaY);
  });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) measure(entry.contentRect.width, entry.contentRect.height);
    });
    observer.observe(element);
    const listen = (event: WheelEvent) => roll(event);
    element.addEventListener("wheel", listen, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener("wheel", listen);
    };
  }, [frame]);

  const change = useCallback((how: (now: View) => View) => {
    own.current = true;
    setView((now) => now && how(now));
  }, []);
  const zoom = useCallback(
    (factor: number, at?: Point) => {
      const { width, height } = size.current;
      change((now) => zoomed(now, factor, at ?? { x: width / 2, y: height / 2 }));
    },
    [change],
  );
  const move = useCallback(
    (x: number, y: number) => change((now) => ({ ...now, x: now.x + x, y: now.y + y })),
    [change],
  );
  const fit = useCallback(() => {
    own.current = false;
    setView(fitted(picture, size.current));
  }, [picture]);
  return { view, zoom, move, fit };
}
