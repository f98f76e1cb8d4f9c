/** Which pictures of a long grid are in view, and whether the page moves too fast to show them. */
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import type { Arrangement } from "./arrangement";

/** Pixels in a millisecond above which pictures are but coloured boxes, as nobody could see more; and until when. */
const FAST = 6;
const SLOW = 2;
const SETTLED_MS = 120;
/** How far beyond the view pictures are made ready. */
const AHEAD = 500;

/** `shown` are the places of the list that are in view or near it, in order. */
export type GridWindow = { shown: readonly number[]; moving: boolean };

const same = (one: GridWindow, other: GridWindow) =>
  one.moving === other.moving &&
  one.shown.length === other.shown.length &&
  one.shown.every((index, at) => index === other.shown[at]);

/** How far the view's top is below the grid's. */
export function viewTop(grid: HTMLElement): number {
  return -grid.getBoundingClientRect().top;
}

export function useGridWindow(
  grid: RefObject<HTMLElement | null>,
  arrangement: Arrangement,
): GridWindow {
  const [window_, setWindow] = useState<GridWindow>(() => ({
    shown: arrangement.visible(0, innerHeight + AHEAD),
    moving: false,
  }));

  useLayoutEffect(() => {
    let moving = false;
    const take = () => {
      if (!grid.current) return;
      const top = viewTop(grid.current);
      const shown = arrangement.visible(top - AHEAD, top + innerHeight + AHEAD);
      const next = { shown, moving };
      setWindow((before) => (same(before, next) ? before : next));
    };
    let frame = 0;
    let settled: ReturnType<typeof setTimeout> | undefined;
    let last = { y: scrollY, at: performance.now() };
    const read = (now: number) => {
      frame = 0;
      const speed = Math.abs(scrollY - last.y) / Math.max(1, now - last.at);
      last = { y: scrollY, at: now };
      moving = speed > (moving ? SLOW : FAST);
      take();
      clearTimeout(settled);
      settled = setTimeout(stop, SETTLED_MS);
    };
    const stop = () => {
      moving = false;
      take();
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(read);
    };
    take();
    addEventListener("scroll", schedule, { passive: true });
    addEventListener("resize", schedule);
    return () => {
      removeEventListener("scroll", schedule);
      removeEventListener("resize", schedule);
      cancelAnimationFrame(frame);
      clearTimeout(settled);
    };
  }, [grid, arrangement]);

  return window_;
}

/** The width of the grid; before it is there, what it will most likely be, so that going back finds its place. */
export function useGridWidth(grid: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(lastWidth);
  useLayoutEffect(() => {
    if (grid.current) setWidth(grid.current.clientWidth || lastWidth);
  }, [grid]);
  useEffect(() => {
    if (!grid.current || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.floor(entry?.contentRect.width ?? 0);
      if (next > 0) setWidth(next);
    });
    observer.observe(grid.current);
    return () => observer.disconnect();
  }, [grid]);
  useEffect(() => {
    lastWidth = width;
  }, [width]);
  return width;
}

/** What the frame leaves of the window: right on a phone, and near enough elsewhere. */
let lastWidth = innerWidth - (innerWidth < 640 ? 32 : innerWidth < 768 ? 48 : 272);
