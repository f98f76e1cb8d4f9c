import { type RefObject, useImperativeHandle, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { useMaskKeys } from "./mask-keys";
import type { Point } from "./mask-pixels";
import { useMaskPointer } from "./mask-pointer";
import type { MaskSession } from "./mask-session";
import type { ToolSettings } from "./mask-tools";
import { useView } from "./mask-view";

export type StageHandle = { zoom: (factor: number) => void; fit: () => void };

type MaskStageProps = {
  image: ImageOut;
  session: MaskSession;
  settings: ToolSettings;
  onSelect: (picture: HTMLImageElement, at: Point) => void;
  handle: RefObject<StageHandle | null>;
};

/** The picture with its mask over it, to be painted on by mouse, pen, fingers and keys. */
export function MaskStage({ image, session, settings, onSelect, handle }: MaskStageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const viewing = useView(frame, image);
  const { view, zoom, fit } = viewing;
  const [cursor, setCursor] = useState<Point | null>(null);
  const select = (at: Point) => picture.current && onSelect(picture.current, at);
  useImperativeHandle(handle, () => ({ zoom: (factor) => zoom(factor), fit }), [zoom, fit]);
  const { handlers, shape, draw, closeShape } = useMaskPointer({
    session,
    settings,
    viewing,
    onSelect: select,
    onHover: setCursor,
  });
  const keys = useMaskKeys({
    session,
    settings,
    cursor,
    onCursor: setCursor,
    shape,
    onShape: draw,
    closeShape,
    onSelect: select,
    onMove: viewing.move,
  });
  const placed = view && `translate(${view.x} ${view.y}) scale(${view.scale})`;
  return (
    <div
      ref={frame}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is painted on by keys.
      tabIndex={0}
      aria-label="Mask"
      aria-describedby="mask-keys"
      {...handlers}
      {...keys}
      className={cn(
        "relative size-full touch-none overflow-hidden bg-subtle outline-none select-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-ring",
        settings.tool === "move" ? "cursor-grab active:cursor-grabbing" : "cursor-crosshair",
        settings.tool === "brush" && "cursor-none",
      )}
    >
      <div
        className={cn("absolute top-0 left-0 origin-top-left", !view && "invisible")}
        style={{
          width: image.width,
          height: image.height,
          ...(view && { transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }),
        }}
      >
        <img
          ref={picture}
          src={image.url}
          alt={image.alt_text ?? image.prompt}
          draggable={false}
          className="pointer-events-none size-full max-w-none"
        />
        <canvas
          ref={session.showOn}
          width={image.width}
          height={image.height}
          aria-hidden
          className="pointer-events-none absolute inset-0 size-full opacity-60"
        />
      </div>
      <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full">
        {placed ? (
          <g transform={placed} fill="none" strokeWidth={1.5}>
            <Outline points={shape} tool={settings.tool} />
            {cursor ? <Brush at={cursor} settings={settings} scale={view.scale} /> : null}
          </g>
        ) : null}
      </svg>
      <p id="mask-keys" className="sr-only">
        Arrow keys move the brush, with Shift by a pixel. Space paints, or sets a corner or point;
        Enter closes a lasso. Square brackets change the size, E switches between painting and
        erasing, Z takes back, Shift Z does again.
      </p>
      <p role="status" className="sr-only">
        {cursor && frame.current?.matches(":focus-visible")
          ? `${Math.round(cursor.x)} across, ${Math.round(cursor.y)} down`
          : null}
      </p>
    </div>
  );
}

/** Seen on light and dark alike: a dark line with a light one in it. */
const STROKES = ["stroke-black/70 [stroke-width:3]", "stroke-white"];

function Outline({ points, tool }: { points: readonly Point[]; tool: ToolSettings["tool"] }) {
  const [first, second] = points;
  if (!first || !second) return null;
  const line =
    tool === "rectangle"
      ? [first, { x: second.x, y: first.y }, second, { x: first.x, y: second.y }]
      : points;
  const text = line.map(({ x, y }) => `${x},${y}`).join(" ");
  return STROKES.map((stroke) => (
    <polygon key={stroke} points={text} vectorEffect="non-scaling-stroke" className={stroke} />
  ));
}

type BrushProps = { at: Point; settings: ToolSettings; scale: number };

function Brush({ at, settings: { tool, size }, scale }: BrushProps) {
  if (tool === "move") return null;
  // A cross for the tools that work at a point, as large at any zoom.
  const arm = 8 / scale;
  const cross = `M${at.x - arm} ${at.y}h${2 * arm}M${at.x} ${at.y - arm}v${2 * arm}`;
  return STROKES.map((stroke) =>
    tool === "brush" ? (
      <circle
        key={stroke}
        cx={at.x}
        cy={at.y}
        r={Math.max(size / 2, 2 / scale)}
        vectorEffect="non-scaling-stroke"
        className={stroke}
      />
    ) : (
      <path key={stroke} d={cross} vectorEffect="non-scaling-stroke" className={stroke} />
    ),
  );
}
