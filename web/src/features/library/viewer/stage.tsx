import { ChevronLeft, ChevronRight, Maximize2, Minimize2, Minus, Plus, Scan } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import { Layers } from "./layers";
import { useFullScreen } from "./use-full-screen";
import { useZoom } from "./use-zoom";

type StageProps = {
  image: ImageOut;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
  /** Esc, when nothing else is to be left first. */
  onLeave: () => void;
  onDelete: (() => void) | undefined;
  /** Something in front has the keys. */
  busy: boolean;
};

const PAN = 80;
const floating = "rounded-full bg-popover/90 text-popover-foreground shadow-card hover:bg-popover";

/** The picture, to look at closely. Keys: + - w p zoom, arrows go on or pan, x fills the screen. */
export function Stage({ image, previous, next, onLeave, onDelete, busy }: StageProps) {
  const root = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [full, setFull] = useFullScreen();
  const step = (way: "previous" | "next") => (way === "previous" ? previous?.() : next?.());
  const zoom = useZoom({ stage, frame, picture: image, id: image.id, onSwipe: step });
  const { atFit, scale, pan } = zoom;

  const free = (action: (() => void) | undefined) => () => {
    if (!busy) action?.();
  };
  const arrow = (x: number, y: number, onward?: () => void) =>
    free(() => (atFit ? onward?.() : pan(x, y)));
  useShortcuts({
    arrowleft: arrow(PAN, 0, previous),
    arrowright: arrow(-PAN, 0, next),
    // Where there is nothing to pan these are left to the page, which scrolls.
    ...(atFit ? {} : { arrowup: arrow(0, PAN), arrowdown: arrow(0, -PAN) }),
    "+": free(zoom.zoomIn),
    "=": free(zoom.zoomIn),
    "-": free(zoom.zoomOut),
    w: free(zoom.showAll),
    p: free(zoom.actual),
    x: free(() => setFull(!full)),
    escape: free(() => (full ? setFull(false) : onLeave())),
    delete: free(onDelete),
  });
  useEffect(() => root.current?.focus({ preventScroll: true }), []);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      ref={root}
      data-image={image.id}
      tabIndex={-1}
      role="group"
      aria-label={full ? "Picture, full screen" : "Picture"}
      onKeyDown={full ? keepInside : undefined}
      className={cn(
        "group bg-subtle outline-none",
        full ? "fixed inset-0 z-50 bg-background" : "relative size-full",
      )}
    >
      <div
        ref={stage}
        className={cn(
          "absolute inset-0 overflow-hidden select-none",
          atFit ? "touch-pan-y" : "cursor-grab touch-none active:cursor-grabbing",
        )}
      >
        <Layers key={image.id} image={image} frame={frame} scale={scale} />
      </div>
      <Button
        variant="secondary"
        size="icon"
        aria-label="Previous picture"
        disabled={!previous}
        onClick={previous}
        className={cn(floating, "absolute top-1/2 left-3 -translate-y-1/2 disabled:invisible")}
      >
        <ChevronLeft aria-hidden />
      </Button>
      <Button
        variant="secondary"
        size="icon"
        aria-label="Next picture"
        disabled={!next}
        onClick={next}
        className={cn(floating, "absolute top-1/2 right-3 -translate-y-1/2 disabled:invisible")}
      >
        <ChevronRight aria-hidden />
      </Button>
      <div className="absolute right-3 bottom-3 flex items-center gap-0.5 rounded-xl border bg-popover/95 p-1 text-popover-foreground shadow-card">
        <Control label="Zoom out (-)" onClick={zoom.zoomOut} icon={Minus} />
        <button
          type="button"
          title="Actual pixels (p)"
          aria-label={`${percent(scale)}; show actual pixels`}
          onClick={zoom.actual}
          className="h-8 w-14 rounded-lg text-center text-xs font-medium tabular-nums hover:bg-accent"
        >
          {percent(scale)}
        </button>
        <Control label="Zoom in (+)" onClick={zoom.zoomIn} icon={Plus} />
        <Control label="Fit (w)" onClick={zoom.showAll} icon={Scan} />
        <Control
          label={full ? "Leave full screen (x)" : "Full screen (x)"}
          onClick={() => setFull(!full)}
          icon={full ? Minimize2 : Maximize2}
        />
      </div>
    </div>
  );
}

const percent = (scale: number) => `${Math.round(scale * devicePixelRatio * 100)} %`;

type ControlProps = { label: string; onClick: () => void; icon: typeof Plus };

function Control({ label, onClick, icon: Icon }: ControlProps) {
  return (
    <Button variant="ghost" size="icon-sm" aria-label={label} title={label} onClick={onClick}>
      <Icon aria-hidden />
    </Button>
  );
}

/** The Tab key goes round among the buttons of the full screen. */
function keepInside(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== "Tab") return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled)")];
  const [first, last] = [buttons[0], buttons.at(-1)];
  const end = event.shiftKey ? first : last;
  const outside = !buttons.includes(document.activeElement as HTMLElement);
  if (document.activeElement !== end && !outside) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
