/** The mask by keyboard: arrows move the brush, Space uses it. */
import { type KeyboardEvent, useRef } from "react";
import type { Mask, Point } from "./mask-pixels";
import type { MaskSession } from "./mask-session";
import { brushOf, type ToolSettings } from "./mask-tools";

const WAYS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

type KeyTask = {
  session: MaskSession;
  settings: ToolSettings;
  cursor: Point | null;
  onCursor: (at: Point) => void;
  shape: Point[];
  onShape: (points: Point[]) => void;
  closeShape: () => void;
  onSelect: (at: Point) => void;
  onMove: (x: number, y: number) => void;
};

/** Space paints, and goes on painting while it is held; it sets a rectangle's corners and a lasso's points. */
export function useMaskKeys(task: KeyTask) {
  const { session, settings, shape, onShape, closeShape } = task;
  const held = useRef(false);
  const { tool, erase, size } = settings;
  const middle = { x: session.mask.width / 2, y: session.mask.height / 2 };

  const go = (way: Point, fine: boolean) => {
    if (tool === "move") return task.onMove(-40 * way.x, -40 * way.y);
    const step = fine ? 1 : Math.max(4, Math.round(size / 4));
    const from = task.cursor ?? middle;
    const at = within(session.mask, { x: from.x + way.x * step, y: from.y + way.y * step });
    task.onCursor(at);
    if (held.current) session.extend(at, brushOf(settings));
    const [first] = shape;
    if (first && tool === "rectangle") onShape([first, at]);
  };
  const use = () => {
    const at = task.cursor ?? middle;
    task.onCursor(at);
    if (tool === "select") task.onSelect(at);
    else if (tool === "brush") {
      held.current = true;
      session.begin(at, brushOf(settings));
    } else if (tool === "lasso") onShape([...shape, at]);
    else if (tool === "rectangle") {
      const [first] = shape;
      if (first) {
        session.rectangle(first, at, erase);
        onShape([]);
      } else onShape([at, at]);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    if (way) go(way, event.shiftKey);
    else if (event.key === " ") {
      if (!event.repeat) use();
    } else if (event.key === "Enter" && shape.length > 2) closeShape();
    else if (event.key === "Escape" && shape.length > 0) onShape([]);
    else return;
    event.preventDefault();
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.key === " " && held.current) release();
  };
  const release = () => {
    if (!held.current) return;
    held.current = false;
    session.end();
  };
  return { onKeyDown, onKeyUp, onBlur: release };
}

function within({ width, height }: Mask, { x, y }: Point): Point {
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
}
