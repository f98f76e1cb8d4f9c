import { type RefObject, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { ImageOut } from "@/api/types.gen";
import { placeColour } from "../thumbnail";

/** A pointer that rests for so long wants to see more. */
const REST_MS = 450;
const SIDE = 360;
const GAP = 12;

type HoverPreviewProps = { image: ImageOut; near: RefObject<HTMLElement | null> };

/** A small picture, larger, beside the pointer's place. Only to look at. */
export function HoverPreview({ image, near }: HoverPreviewProps) {
  const [place, setPlace] = useState<{ left: number; top: number }>();
  const scale = SIDE / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  useEffect(() => {
    const timer = setTimeout(() => {
      const box = near.current?.getBoundingClientRect();
      if (box) setPlace(beside(box, width, height));
    }, REST_MS);
    const hide = () => setPlace(undefined);
    addEventListener("scroll", hide, { passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", hide);
    };
  }, [near, width, height]);
  if (!place) return null;
  return createPortal(
    <img
      src={image.thumbnails["512"] ?? image.url}
      alt=""
      className="pointer-events-none fixed z-40 rounded-xl border bg-popover object-contain shadow-overlay"
      style={{ ...place, width, height, backgroundColor: placeColour(image) }}
    />,
    document.body,
  );
}

/** Where there is room: at the right of a box, else at its left, never out of the view. */
export function beside(
  box: DOMRect,
  width: number,
  height: number,
  view = { width: innerWidth, height: innerHeight },
) {
  const right = box.right + GAP;
  const left = right + width <= view.width ? right : Math.max(GAP, box.left - GAP - width);
  const middle = box.top + box.height / 2 - height / 2;
  return { left, top: Math.min(Math.max(GAP, middle), Math.max(GAP, view.height - height - GAP)) };
}
