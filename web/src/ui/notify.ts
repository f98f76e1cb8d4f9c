/** Short notices at the edge of the page. The code that draws them is loaded with the first one. */
import { useSyncExternalStore } from "react";

export type Notice = {
  kind?: "success" | "error" | "info";
  title: string;
  description?: string;
  /** One thing to do about it, such as Undo. */
  action?: { label: string; run: () => void };
  /** Milliseconds; 0 stays until it is closed. Errors stay longer unless told. */
  timeout?: number;
};

let waiting: Notice[] = [];
let show: ((notice: Notice) => void) | null = null;
let wanted = false;
const listeners = new Set<() => void>();

export function notify(notice: Notice): void {
  if (show) {
    show(notice);
    return;
  }
  waiting.push(notice);
  wanted = true;
  for (const listener of listeners) listener();
}

/** The drawing side takes over, beginning with what has been waiting. */
export function takeNotices(sink: (notice: Notice) => void): () => void {
  show = sink;
  for (const notice of waiting) sink(notice);
  waiting = [];
  return () => {
    if (show === sink) show = null;
  };
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether anything has ever been said. */
export function useNoticesWanted(): boolean {
  return useSyncExternalStore(subscribe, () => wanted);
}
