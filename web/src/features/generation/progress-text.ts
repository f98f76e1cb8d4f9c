/** How far things are, in words. */
import type { GenerationOut } from "@/api/types.gen";
import { formatDuration, formatNumber, formatTime } from "@/lib/format";

/** Less than this is not worth telling. */
const SHORT_S = 2;

type State = Pick<
  GenerationOut,
  "status" | "progress" | "position" | "eta_seconds" | "started_at"
> & { waits_until?: string | null };

export function stateText({ status, progress, position, waits_until }: State): string {
  if (status === "processing") {
    if (progress.steps <= 0) return "Drawing";
    return `Drawing, step ${progress.step} of ${progress.steps}`;
  }
  if (waits_until) return "Waiting for its model, which is down";
  if (position === null) return "Queued";
  return position > 0 ? `Queued, ${formatNumber(position)} before it` : "Queued, next in line";
}

/** "about 12 s left": from what is done, else from what the model usually takes. */
export function aboutLeft(generation: State, now = Date.now()): string | null {
  const { status, progress, started_at, eta_seconds, waits_until } = generation;
  if (waits_until) return `tried again at ${formatTime(waits_until)}`;
  let seconds = eta_seconds;
  if (status === "processing" && started_at && progress.percent >= 10) {
    const gone = (now - Date.parse(started_at)) / 1000;
    seconds = gone > 0 ? (gone * (100 - progress.percent)) / progress.percent : null;
  }
  if (seconds === null || seconds < SHORT_S) return null;
  return `about ${formatDuration(Math.round(seconds))} left`;
}

/** What the browser's tab says while nobody looks at the page; null when nothing goes on. */
export function tabText(items: readonly State[]): string | null {
  const drawing = items.filter(({ status }) => status === "processing");
  const waiting = items.some(({ status }) => status === "pending");
  if (drawing.length === 0) return waiting ? "Queued" : null;
  const sum = drawing.reduce((total, { progress }) => total + progress.percent, 0);
  return `${Math.round(sum / drawing.length)}% drawn`;
}
