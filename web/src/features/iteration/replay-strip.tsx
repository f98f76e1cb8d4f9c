import { CircleStop, X } from "lucide-react";
import { Button } from "@/ui/button";
import { useReplayRun } from "./replay";

/** How far a replay has come, with a way to stop it. */
export function ReplayStrip({ id, onClose }: { id: string; onClose: () => void }) {
  const { run, stop, stopping } = useReplayRun(id);
  if (!run) return null;
  const { steps, finished } = run;
  const made = steps.filter(({ status }) => status === "completed").length;
  const failed = steps.find(({ status }) => status === "failed");
  const words = failed
    ? `Replay failed after ${made} of ${steps.length}: ${failed.error ?? "it has no reason."}`
    : finished
      ? `Replay ended: ${made} of ${steps.length} made`
      : `Replay: ${made} of ${steps.length} made`;
  return (
    <div className="flex flex-wrap items-center gap-3 border-b bg-subtle px-4 py-2 text-sm">
      <p role="status" className="min-w-0 flex-1 break-words">
        {words}
      </p>
      {finished ? (
        <Button variant="ghost" size="icon-sm" aria-label="Put away" onClick={onClose}>
          <X aria-hidden />
        </Button>
      ) : (
        <>
          <progress
            aria-label="Steps made"
            max={steps.length}
            value={made}
            className="h-1.5 w-32 accent-primary"
          />
          <Button size="sm" variant="secondary" working={stopping && "Stopping…"} onClick={stop}>
            <CircleStop aria-hidden /> Stop
          </Button>
        </>
      )}
    </div>
  );
}
