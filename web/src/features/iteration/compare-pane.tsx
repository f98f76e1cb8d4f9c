import { type ReactNode, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { type SharedView, useSharedGestures } from "./compare-view";

type PaneProps = { shared: SharedView; children: ReactNode; className?: string };

/** A stage whose zoom and place are those of all the others. */
export function Pane({ shared, children, className }: PaneProps) {
  const stage = useRef<HTMLDivElement>(null);
  useSharedGestures(stage, shared);
  const { scale, x, y } = shared.view;
  return (
    <div
      ref={stage}
      className={cn(
        "relative size-full overflow-hidden bg-subtle select-none",
        scale > 1 ? "cursor-grab touch-none active:cursor-grabbing" : "touch-pan-y",
        className,
      )}
    >
      <div
        className="absolute inset-0"
        style={{ transform: `translate(${x}px, ${y}px) scale(${scale})` }}
      >
        {children}
      </div>
    </div>
  );
}

/** Pixels are shown as such from here on. */
const PIXELS_FROM = 6;

type PictureProps = { image: ImageOut; scale: number; hidden?: boolean };

export function Picture({ image, scale, hidden = false }: PictureProps) {
  return (
    <img
      src={image.url}
      alt={image.alt_text}
      aria-hidden={hidden}
      draggable={false}
      className={cn(
        "absolute inset-0 size-full object-contain",
        scale >= PIXELS_FROM && "[image-rendering:pixelated]",
        hidden && "invisible",
      )}
    />
  );
}
