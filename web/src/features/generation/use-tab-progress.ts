import { useEffect, useRef, useSyncExternalStore } from "react";
import type { GenerationOut } from "@/api/types.gen";
import { tabText } from "./progress-text";

function subscribe(listener: () => void) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** Shows in the browser's tab how far things are, while another tab is in view. `title` is the page's own. */
export function useTabProgress(items: readonly GenerationOut[], title: string): void {
  const hidden = useSyncExternalStore(subscribe, () => document.visibilityState === "hidden");
  const text = tabText(items);
  const ran = useRef(false);
  useEffect(() => {
    if (!hidden) {
      if (ran.current) document.title = `${title} · Easel`;
      ran.current = false;
      return;
    }
    if (text) ran.current = true;
    if (ran.current) document.title = `${text ?? "Finished"} · Easel`;
  }, [hidden, text, title]);
}
