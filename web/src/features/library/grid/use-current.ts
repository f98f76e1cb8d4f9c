/** The one picture of a grid that has the focus, or had it last, or would get it. */
import { useRouter } from "@tanstack/react-router";
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { returnToGrid } from "./grid-position";

type Current = { index: number; id: string | null };

export function useCurrent(
  grid: RefObject<HTMLElement | null>,
  items: readonly (ImageOut | undefined)[],
) {
  const { history } = useRouter();
  const [back] = useState(() => returnToGrid(history.location.state.__TSR_index));
  const [current, setCurrent] = useState<Current>({ index: 0, id: back?.imageId ?? null });
  const wanted = useRef(back !== null);
  const index = useMemo(() => placeOf(current, items), [items, current]);

  useLayoutEffect(() => {
    if (!wanted.current) return;
    const link = grid.current?.querySelector<HTMLElement>(`[data-index="${index}"] > a`);
    if (link) {
      wanted.current = false;
      link.focus({ preventScroll: true });
    } else if (items.length > 0 && !grid.current?.contains(document.activeElement)) {
      // Not fetched yet: the grid holds the focus for it, so that keys are not lost.
      grid.current?.focus({ preventScroll: true });
    }
  });

  const makeCurrent = (at: number) => setCurrent({ index: at, id: items[at]?.id ?? null });
  return {
    back,
    index,
    makeCurrent,
    /** Moves the focus to a picture as soon as it is drawn. */
    focusAt: (at: number) => {
      wanted.current = true;
      makeCurrent(at);
    },
  };
}

/** Where the current picture is now; where it was, when it is gone. */
export function placeOf({ index, id }: Current, items: readonly (ImageOut | undefined)[]): number {
  const last = Math.max(0, items.length - 1);
  if (id === null || items[index]?.id === id) return Math.min(index, last);
  const found = items.findIndex((image) => image?.id === id);
  return found >= 0 ? found : Math.min(index, last);
}
