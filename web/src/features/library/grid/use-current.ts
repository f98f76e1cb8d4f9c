/** The one picture of a grid that has the focus, or had it last, or would get it. */
import { useRouter } from "@tanstack/react-router";
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { returnToGrid } from "./grid-position";

export function useCurrent(grid: RefObject<HTMLElement | null>, images: readonly ImageOut[]) {
  const { history } = useRouter();
  const [back] = useState(() => returnToGrid(history.location.state.__TSR_index));
  const [currentId, makeCurrent] = useState<string | null>(back?.imageId ?? null);
  const wanted = useRef<string | null>(back?.imageId ?? null);
  const currentIndex = useMemo(
    () => Math.max(0, currentId ? images.findIndex(({ id }) => id === currentId) : 0),
    [images, currentId],
  );

  useLayoutEffect(() => {
    if (!wanted.current || images[currentIndex]?.id !== wanted.current) return;
    const link = grid.current?.querySelector<HTMLElement>(`[data-index="${currentIndex}"] > a`);
    if (!link) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  });

  /** Moves the focus to a picture as soon as it is drawn. */
  const focusAfter = (id: string) => {
    wanted.current = id;
    makeCurrent(id);
  };
  return { back, currentIndex, makeCurrent, focusAfter };
}
