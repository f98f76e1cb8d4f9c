/** Pictures that come while someone reads further down wait until they are asked for, so that nothing jumps. */
import { useEffect, useMemo, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { useStudioEvent } from "@/lib/studio-events";

/** Nearer to the top than this new pictures come in at once. */
const TOP = 120;

export function useHeldBack(images: readonly ImageOut[], newestFirst: boolean) {
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set());
  useStudioEvent("image.created", ({ id }) => {
    if (newestFirst && scrollY > TOP) setHeld((before) => new Set(before).add(id));
  });
  const holding = held.size > 0;
  useEffect(() => {
    if (!holding) return;
    const release = () => {
      if (scrollY <= TOP) setHeld(new Set());
    };
    addEventListener("scroll", release, { passive: true });
    return () => removeEventListener("scroll", release);
  }, [holding]);
  const shown = useMemo(
    () => (held.size === 0 ? images : images.filter(({ id }) => !held.has(id))),
    [images, held],
  );
  const show = () => {
    setHeld(new Set());
    scrollTo({ top: 0, behavior: "instant" });
  };
  return { shown, waiting: images.length - shown.length, show };
}
