import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { cn } from "@/lib/cn";
import { type Box, type Corner, movedBox, resizedBox, type Size } from "./adjust";

type CropFrameProps = {
  /** What can be cropped. */
  room: Size;
  box: Box;
  ratio: number | null;
  onChange: (box: Box) => void;
};

const CORNERS: (Corner & { name: string; place: string })[] = [
  { name: "Upper left", right: false, bottom: false, place: "top-0 left-0 cursor-nwse-resize" },
  { name: "Upper right", right: true, bottom: false, place: "top-0 left-full cursor-nesw-resize" },
  { name: "Lower left", right: false, bottom: true, place: "top-full left-0 cursor-nesw-resize" },
  {
    name: "Lower right",
    right: true,
    bottom: true,
    place: "top-full left-full cursor-nwse-resize",
  },
];
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What stays of a picture: dragged by its inside or its corners, or moved with the arrow keys on either. */
export function CropFrame({ room, box, ratio, onChange }: CropFrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; box: Box } | null>(null);
  const apply = (from: Box, corner: Corner | null, dx: number, dy: number) =>
    onChange(corner ? resizedBox(from, corner, dx, dy, room, ratio) : movedBox(from, dx, dy, room));
  const handling = (corner: Corner | null) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, y: event.clientY, box };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const across = frame.current?.parentElement?.clientWidth;
      if (!drag.current || !across) return;
      const pixels = room.width / across;
      const { x, y, box: from } = drag.current;
      apply(from, corner, (event.clientX - x) * pixels, (event.clientY - y) * pixels);
    },
    onPointerUp: () => {
      drag.current = null;
    },
    onPointerCancel: () => {
      drag.current = null;
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const far = event.shiftKey ? 10 : 1;
      const step = Math.max(1, Math.round(Math.max(room.width, room.height) / 200)) * far;
      apply(box, corner, way[0] * step, way[1] * step);
    },
  });
  const part = (length: number, whole: number) => `${(100 * length) / whole}%`;
  return (
    <div className="absolute inset-0 overflow-hidden">
      <div
        ref={frame}
        className="absolute shadow-[0_0_0_9999px_rgb(0_0_0/55%)]"
        style={{
          left: part(box.x, room.width),
          top: part(box.y, room.height),
          width: part(box.width, room.width),
          height: part(box.height, room.height),
        }}
      >
        <button
          type="button"
          aria-label={`Crop frame, ${box.width} × ${box.height} pixels; the arrow keys move it`}
          className="absolute inset-0 cursor-move touch-none border border-white outline-offset-2"
          {...handling(null)}
        />
        {CORNERS.map((corner) => (
          <button
            key={corner.name}
            type="button"
            aria-label={`${corner.name} corner; the arrow keys move it`}
            className={cn(
              "absolute size-6 -translate-x-1/2 -translate-y-1/2 touch-none rounded-full before:absolute before:inset-1.5 before:rounded-full before:border before:border-black/40 before:bg-white",
              corner.place,
            )}
            {...handling(corner)}
          />
        ))}
      </div>
    </div>
  );
}
