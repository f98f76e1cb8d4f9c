/** A value kept in this browser under "easel:<name>" and shared by its tabs. Not for anything secret. */
import { useCallback, useSyncExternalStore } from "react";

const PREFIX = "easel:";
const CHANGED = "easel-stored";

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeStored(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage can be blocked or full; the value then lasts as long as the page.
  }
  dispatchEvent(new CustomEvent(CHANGED));
}

function subscribe(listener: () => void): () => void {
  addEventListener(CHANGED, listener);
  addEventListener("storage", listener);
  return () => {
    removeEventListener(CHANGED, listener);
    removeEventListener("storage", listener);
  };
}

export function useStored(name: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(name));
  const set = useCallback((next: string | null) => writeStored(name, next), [name]);
  return [value, set];
}
