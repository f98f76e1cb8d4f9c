/** The title of the page in view: in the browser's tab and in the top bar. */
import { useEffect, useSyncExternalStore } from "react";

let current = "";
const listeners = new Set<() => void>();

function set(title: string) {
  current = title;
  document.title = title === "" ? "Easel" : `${title} · Easel`;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Every page calls this once with its name. */
export function usePageTitle(title: string): void {
  useEffect(() => set(title), [title]);
}

export function useCurrentTitle(): string {
  return useSyncExternalStore(subscribe, () => current);
}
