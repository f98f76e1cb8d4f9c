/** Pictures that come while someone reads further down wait until they are asked for, so that nothing jumps. */
import { useEffect, useMemo, useState } from "react";
import { useStudioEvent } from "@/lib/studio-events";
import { type ImageList, withoutFirst } from "../image-lists";

/** Nearer to the top than this new pictures come in at once. */
const TOP = 120;

export function useHeldBack(list: ImageList | undefined, newestFirst: boolean) {
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
  // They came one after another, so they stand at the beginning of the list.
  const waiting = useMemo(() => {
    const items = list?.items ?? [];
    let count = 0;
    while (held.has(items[count]?.id ?? "")) count += 1;
    return count;
  }, [list, held]);
  const shown = useMemo(() => list && withoutFirst(list, waiting), [list, waiting]);
  const show = () => {
    setHeld(new Set());
    scrollTo({ top: 0, behavior: "instant" });
  };
  return { shown, waiting, show };
}
