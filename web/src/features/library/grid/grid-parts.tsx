import { cn } from "@/lib/cn";
import type { Box } from "./arrangement";

/** The place of a picture that is not fetched yet. */
export function Placeholder({
  index,
  line,
  left,
  top,
  width,
  height,
}: Box & { index: number; line: boolean }) {
  return (
    <li
      aria-hidden
      data-index={index}
      className={cn("absolute top-0 left-0 rounded-lg", !line && "bg-muted")}
      style={{ width, height, transform: `translate(${left}px, ${top}px)` }}
    >
      {line ? (
        <span
          className="absolute top-1 left-1 rounded-md bg-muted"
          style={{ width: height - 8, height: height - 8 }}
        />
      ) : null}
    </li>
  );
}

/** The frame that is drawn with the mouse. */
export function RubberBand({ left, top, width, height }: Box) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute top-0 left-0 z-10 rounded-sm border border-primary bg-primary/15"
      style={{ width, height, transform: `translate(${left}px, ${top}px)` }}
    />
  );
}
