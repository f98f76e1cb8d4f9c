import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { ImageOut, SizesOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import {
  grownSize,
  type Margins,
  mostOf,
  nameOfSide,
  SIDES,
  type Side,
  withSide,
} from "./outpaint-margins";

type OutpaintFrameProps = {
  image: ImageOut;
  sizes: SizesOut;
  margins: Margins;
  onMargins: (margins: Margins) => void;
};

const EDGE = 40;
const [FINE, COARSE] = [8, 64];
/** Room around the picture so that there is somewhere to drag to. */
const ROOM = 1.15;

/** The picture in the canvas that it is to fill; the edges are dragged, or moved by arrow keys. */
export function OutpaintFrame({ image, sizes, margins, onMargins }: OutpaintFrameProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState({ width: 0, height: 0 });
  const drag = useRef<{ side: Side; from: number; start: number } | null>(null);
  /** The scale at which a drag began: while it lasts the picture stays as large as it is. */
  const [held, setHeld] = useState<number | null>(null);
  useEffect(() => {
    if (!stage.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSpace(entry.contentRect);
    });
    observer.observe(stage.current);
    return () => observer.disconnect();
  }, []);

  const grown = grownSize(image, margins, sizes.step);
  const fit = Math.min(
    (space.width - 2 * EDGE) / (grown.width * ROOM),
    (space.height - 2 * EDGE) / (grown.height * ROOM),
  );
  const scale = held ?? Math.max(0.01, fit);
  const set = (side: Side, value: number) =>
    onMargins(withSide(side, value, image, margins, sizes));

  const handlersOf = (side: Side) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { side, from: placeOf(side, event), start: margins[side] };
      setHeld(scale);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag.current?.side !== side) return;
      const far = (placeOf(side, event) - drag.current.from) / scale;
      const outwards = side === "left" || side === "top" ? -far : far;
      // What is in the middle grows to both sides, so that half of it is under the pointer.
      set(side, drag.current.start + outwards * 2);
    },
    onPointerUp: () => {
      drag.current = null;
      setHeld(null);
    },
    onPointerCancel: () => {
      drag.current = null;
      setHeld(null);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const more = { left: "ArrowLeft", right: "ArrowRight", top: "ArrowUp", bottom: "ArrowDown" };
      const less = { left: "ArrowRight", right: "ArrowLeft", top: "ArrowDown", bottom: "ArrowUp" };
      const step = event.shiftKey ? COARSE : FINE;
      if (event.key === more[side]) set(side, margins[side] + step);
      else if (event.key === less[side]) set(side, margins[side] - step);
      else if (event.key === "Home") set(side, 0);
      else if (event.key === "End") set(side, mostOf(side, image, margins, sizes));
      else return;
      event.preventDefault();
    },
  });

  return (
    <div ref={stage} className="relative size-full overflow-hidden bg-subtle select-none">
      <div
        className={cn(
          "absolute top-1/2 left-1/2 -translate-1/2 bg-primary-soft outline-2 outline-primary outline-dashed",
          space.width === 0 && "invisible",
        )}
        style={{ width: grown.width * scale, height: grown.height * scale }}
      >
        <img
          src={image.url}
          alt={image.alt_text ?? image.prompt}
          draggable={false}
          className="absolute max-w-none"
          style={{
            left: margins.left * scale,
            top: margins.top * scale,
            width: image.width * scale,
            height: image.height * scale,
          }}
        />
        {SIDES.map((side) => (
          <div
            key={side}
            role="slider"
            tabIndex={0}
            aria-label={nameOfSide[side]}
            aria-orientation={side === "left" || side === "right" ? "horizontal" : "vertical"}
            aria-valuemin={0}
            aria-valuemax={mostOf(side, image, margins, sizes)}
            aria-valuenow={margins[side]}
            aria-valuetext={`${margins[side]} pixels`}
            {...handlersOf(side)}
            className={cn(
              "group absolute grid touch-none place-items-center outline-none",
              PLACES[side],
            )}
          >
            <span
              className={cn(
                "rounded-full bg-primary shadow-card outline-offset-2 outline-ring group-focus-visible:outline-2",
                side === "left" || side === "right" ? "h-12 w-2" : "h-2 w-12",
              )}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

const PLACES: Record<Side, string> = {
  left: "-left-4 inset-y-0 w-8 cursor-ew-resize",
  right: "-right-4 inset-y-0 w-8 cursor-ew-resize",
  top: "-top-4 inset-x-0 h-8 cursor-ns-resize",
  bottom: "-bottom-4 inset-x-0 h-8 cursor-ns-resize",
};

function placeOf(side: Side, { clientX, clientY }: PointerEvent): number {
  return side === "left" || side === "right" ? clientX : clientY;
}
