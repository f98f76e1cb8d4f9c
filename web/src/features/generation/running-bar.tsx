import { X } from "lucide-react";
import type { GenerationOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { Button } from "@/ui/button";
import { Progress } from "@/ui/progress";
import { aboutLeft, stateText } from "./progress-text";

type RunningBarProps = {
  generation: GenerationOut;
  onCancel: (generation: GenerationOut) => void;
};

/** Where a request stands: its place in the queue, or the step that is done. */
export function RunningBar({ generation, onCancel }: RunningBarProps) {
  const { status, progress } = generation;
  const mayChange = useMayChange();
  const state = stateText(generation);
  const left = aboutLeft(generation);
  const drawing = status === "processing";
  const known = progress.steps > 0 || progress.percent > 0;
  return (
    <div className="grid max-w-xl grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1">
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-sm tabular-nums">
        <span className="font-medium">{state}</span>
        {left ? <span className="text-muted-foreground">{left}</span> : null}
      </p>
      {mayChange ? (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => onCancel(generation)}
          className="-mr-2 px-2"
        >
          <X aria-hidden /> Cancel
        </Button>
      ) : null}
      <Progress
        value={drawing ? (known ? progress.percent : null) : 0}
        label={state}
        className="col-span-2"
      />
    </div>
  );
}
