import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useState } from "react";
import { cn } from "@/lib/cn";
import { formatCount } from "@/lib/format";
import { Button } from "@/ui/button";
import { Progress } from "@/ui/progress";
import { UploadLine } from "./upload-line";
import { clearEnded, hasEnded, type Upload, useUploads } from "./upload-queue";

/** Lines that are drawn; what waits behind them is counted. */
const MOST_LINES = 40;

/** What is on its way into the library, at the edge of every page until it is closed. */
export function UploadTray() {
  const uploads = useUploads();
  const [open, setOpen] = useState(true);
  if (uploads.length === 0) return null;
  const under = uploads.filter((one) => !hasEnded(one));
  // What went wrong is wanted first, then what goes on, then what is there.
  const lines = [...uploads].sort((one, other) => rank(one) - rank(other)).slice(0, MOST_LINES);
  const hidden = uploads.length - lines.length;
  return (
    <section
      aria-label="Uploads"
      className="fixed right-3 bottom-18 z-40 flex max-h-[60dvh] w-[min(24rem,calc(100vw-1.5rem))] flex-col overflow-hidden rounded-xl border bg-popover text-popover-foreground shadow-overlay md:right-6 md:bottom-6"
    >
      <header className={cn("flex items-center gap-2 py-2 pr-2 pl-4", open && "border-b")}>
        <p role="status" className="min-w-0 flex-1 truncate text-sm font-medium">
          {headline(uploads, under.length)}
        </p>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-expanded={open}
          aria-label={open ? "Fold uploads" : "Unfold uploads"}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown aria-hidden /> : <ChevronUp aria-hidden />}
        </Button>
        {under.length === 0 ? (
          <Button variant="ghost" size="icon-sm" aria-label="Close uploads" onClick={clearEnded}>
            <X aria-hidden />
          </Button>
        ) : null}
      </header>
      {under.length > 0 ? (
        <Progress value={overall(uploads)} label="All uploads" className="h-1 rounded-none" />
      ) : null}
      {open ? (
        <ul className="min-h-0 overflow-y-auto">
          {lines.map((upload) => (
            <UploadLine key={upload.id} upload={upload} />
          ))}
          {hidden > 0 ? (
            <li className="px-4 py-3 text-sm text-muted-foreground">
              and {formatCount(hidden, "other")}
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  );
}

function rank({ state }: Upload): number {
  if (state === "failed") return 0;
  if (state === "waiting") return 2;
  return state === "done" || state === "known" ? 3 : 1;
}

function headline(uploads: readonly Upload[], under: number): string {
  if (under > 0) return `Uploading ${formatCount(under, "picture")}`;
  const failed = uploads.filter(({ state }) => state === "failed").length;
  const came = formatCount(uploads.length - failed, "picture");
  if (failed === 0) return `${came} in your library`;
  return uploads.length === failed
    ? `${formatCount(failed, "picture")} could not be added`
    : `${came} in your library, ${failed} not`;
}

/** How far all of it is in percent; an address counts as a file of middling size. */
function overall(uploads: readonly Upload[]): number {
  const sizes = uploads.map((one) => one.size ?? 1_000_000);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const sent = uploads.reduce(
    (sum, one, at) => sum + (hasEnded(one) ? (sizes[at] ?? 0) : one.sent),
    0,
  );
  return total === 0 ? 0 : Math.round((sent / total) * 100);
}
