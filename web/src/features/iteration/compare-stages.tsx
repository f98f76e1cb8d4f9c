import { Pause, Play, SkipForward } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ReactCompareSlider } from "react-compare-slider";
import type { ImageOut } from "@/api/types.gen";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { cn } from "@/lib/cn";
import { formatNumber } from "@/lib/format";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import { drawHeat } from "./compare-heat";
import { Pane, Picture } from "./compare-pane";
import type { SharedView } from "./compare-view";

type StageProps = { images: ImageOut[]; shared: SharedView };
type PairProps = { one: ImageOut; two: ImageOut; shared: SharedView };

export const LETTERS = ["A", "B", "C", "D"];

/** All beside each other. */
export function SideBySide({ images, shared }: StageProps) {
  return (
    <div
      className={cn(
        "grid h-full gap-px bg-border",
        images.length === 3 ? "sm:grid-cols-3" : "sm:grid-cols-2",
      )}
    >
      {images.map((image, at) => (
        <figure
          key={image.id}
          data-image={image.id}
          data-held=""
          className="group/picture relative h-60 sm:h-auto sm:min-h-48"
        >
          <Pane shared={shared}>
            <Picture image={image} scale={shared.view.scale} />
          </Pane>
          <Letter at={at} />
          <PictureMenuButton className="top-3 right-3" />
        </figure>
      ))}
    </div>
  );
}

/** Two on top of each other, with an edge to be moved. */
export function SliderStage({
  one,
  two,
  shared,
  letters,
}: PairProps & { letters: [number, number] }) {
  const pane = (image: ImageOut) => (
    <Pane shared={shared}>
      <Picture image={image} scale={shared.view.scale} />
    </Pane>
  );
  return (
    <div className="relative size-full">
      <ReactCompareSlider
        onlyHandleDraggable
        itemOne={pane(one)}
        itemTwo={pane(two)}
        className="size-full"
      />
      <Letter at={letters[0]} />
      <Letter at={letters[1]} className="right-3 left-auto" />
    </div>
  );
}

const TURN_MS = 700;

/** One after the other in one place: what differs jumps. */
export function BlinkStage({ images, shared }: StageProps) {
  const [at, setAt] = useState(0);
  const [running, setRunning] = useState(
    () => !matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  const count = images.length;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setAt((before) => (before + 1) % count), TURN_MS);
    return () => clearInterval(timer);
  }, [running, count]);
  const next = () => {
    setRunning(false);
    setAt((at + 1) % count);
  };
  useShortcuts({ n: next });
  const shown = at % count;
  return (
    <div className="relative size-full">
      <Pane shared={shared}>
        {images.map((image, each) => (
          <Picture key={image.id} image={image} scale={shared.view.scale} hidden={each !== shown} />
        ))}
      </Pane>
      <Letter at={shown} />
      <div className="absolute bottom-3 left-3 flex gap-1 rounded-xl border bg-popover/95 p-1 shadow-card">
        <Button variant="ghost" size="sm" onClick={() => setRunning(!running)}>
          {running ? <Pause aria-hidden /> : <Play aria-hidden />} {running ? "Pause" : "Play"}
        </Button>
        <Button variant="ghost" size="sm" onClick={next}>
          <SkipForward aria-hidden /> Next
        </Button>
      </div>
    </div>
  );
}

type HeatState = { changed: number } | "drawing" | "failed";

/** Where two differ, and how much. */
export function HeatStage({ one, two, shared }: PairProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<HeatState>("drawing");
  useEffect(() => {
    const ending = new AbortController();
    setState("drawing");
    if (canvas.current)
      drawHeat(canvas.current, one, two, ending.signal).then(
        (changed) => setState({ changed }),
        () => ending.signal.aborted || setState("failed"),
      );
    return () => ending.abort();
  }, [one, two]);
  const stretched = Math.abs(one.width / one.height - two.width / two.height) > 0.01;
  return (
    <div className="relative size-full">
      <Pane shared={shared}>
        <canvas
          ref={canvas}
          role="img"
          aria-label="Difference as a heat map"
          className={cn(
            "absolute inset-0 size-full object-contain",
            typeof state === "string" && "invisible",
          )}
        />
      </Pane>
      <p
        role="status"
        className="absolute bottom-3 left-3 max-w-[calc(100%-12rem)] rounded-xl border bg-popover/95 px-3 py-1.5 text-sm shadow-card"
      >
        {wordsFor(state)}
        {stretched ? " Their shapes differ: B was stretched to A." : ""}
      </p>
    </div>
  );
}

function wordsFor(state: HeatState): string {
  if (state === "drawing") return "Comparing…";
  if (state === "failed") return "The originals could not be loaded.";
  const share = state.changed * 100;
  if (share === 0) return "No pixel differs.";
  return share < 0.1
    ? "Less than 0.1 % of the pixels differ."
    : `${formatNumber(Math.round(share * 10) / 10)} % of the pixels differ.`;
}

export function Letter({ at, className }: { at: number; className?: string }) {
  return (
    <span
      className={cn(
        "pointer-events-none absolute top-3 left-3 grid size-7 place-items-center rounded-full bg-popover/90 text-sm font-semibold text-popover-foreground shadow-card",
        className,
      )}
    >
      {LETTERS[at]}
    </span>
  );
}
