import { useEffect, useState } from "react";

/** Whether something fills the screen; where the browser cannot do it for pages, it fills the window. */
export function useFullScreen(): [boolean, (full: boolean) => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    if (!full) return;
    const page = document.documentElement;
    // Refused or not there: the window is filled all the same.
    void page.requestFullscreen?.().catch(() => undefined);
    const overflow = page.style.overflow;
    page.style.overflow = "hidden";
    const changed = () => {
      if (!document.fullscreenElement) setFull(false);
    };
    document.addEventListener("fullscreenchange", changed);
    return () => {
      page.style.overflow = overflow;
      document.removeEventListener("fullscreenchange", changed);
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    };
  }, [full]);
  return [full, setFull];
}
