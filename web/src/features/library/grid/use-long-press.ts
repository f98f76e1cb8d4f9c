/** A finger that rests: it chooses where a tap would open. */
import { type MouseEvent, type PointerEvent, useRef } from "react";

const LONG_MS = 450;
/** A finger that moves further than this scrolls. */
const STILL = 10;

export function useLongPress(action: () => void) {
  const state = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const done = useRef(false);
  const cancel = () => {
    if (state.current) clearTimeout(state.current.timer);
    state.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      done.current = false;
      if (event.pointerType !== "touch") return;
      const timer = setTimeout(() => {
        state.current = null;
        done.current = true;
        action();
      }, LONG_MS);
      state.current = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      const from = state.current;
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL) cancel();
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
    onContextMenu: (event: MouseEvent) => {
      if (done.current || state.current) event.preventDefault();
    },
    onClickCapture: (event: MouseEvent) => {
      if (!done.current) return;
      // The finger is lifted: that is the end of the choice, not a tap.
      done.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
