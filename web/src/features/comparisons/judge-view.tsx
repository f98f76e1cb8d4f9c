import { Link } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { useEffect } from "react";
import { useMayChange } from "@/features/workspaces/acting";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { nextOf, usePair, useWaiting } from "./comparisons";
import { JudgeStage } from "./judge-stage";

type JudgeViewProps = {
  /** The pair in view; the next one that waits if none is named. */
  pair: string | undefined;
  onPair: (id: string) => void;
};

/** One pair after the other. The one that was judged stays, with what it was, until one goes on. */
export function JudgeView({ pair, onPair }: JudgeViewProps) {
  const waiting = useWaiting();
  const next = nextOf(waiting.data ?? [], pair);
  const begin = pair === undefined ? next?.id : undefined;
  useEffect(() => {
    if (begin) onPair(begin);
  }, [begin, onPair]);
  if (pair !== undefined)
    return (
      <Judging
        id={pair}
        left={
          (waiting.data ?? []).filter(({ id, status }) => id !== pair && status !== "void").length
        }
        onNext={next ? () => onPair(next.id) : null}
      />
    );
  if (waiting.isError) return <Failed error={waiting.error} retry={() => void waiting.refetch()} />;
  if (waiting.isPending || next) return <Waiting />;
  return <Nothing />;
}

type JudgingProps = { id: string; left: number; onNext: (() => void) | null };

function Judging({ id, left, onNext }: JudgingProps) {
  const { data, isPending, error, refetch } = usePair(id);
  if (data) return <JudgeStage key={id} pair={data} left={left} onNext={onNext} />;
  if (isPending) return <Waiting />;
  return <Failed error={error} retry={() => void refetch()} />;
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the pair" className="grid gap-4 sm:grid-cols-2">
      <Skeleton className="h-[50dvh] rounded-xl" />
      <Skeleton className="h-[50dvh] rounded-xl max-sm:hidden" />
    </div>
  );
}

function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <Alert
      kind="error"
      title="The pair could not be loaded"
      action={
        <Button size="sm" variant="secondary" onClick={retry}>
          Try again
        </Button>
      }
    >
      {reasonOf(error)}
    </Alert>
  );
}

function Nothing() {
  const mayChange = useMayChange();
  return (
    <EmptyState
      icon={Scale}
      title="Nothing to judge"
      action={
        mayChange ? (
          <Link to="/ab" search={{ view: "new" }} className={buttonVariants()}>
            New comparison
          </Link>
        ) : null
      }
    >
      Two prompts, two models or two values of one setting make a picture each, side by side. You
      say which is better, without knowing which is which.
    </EmptyState>
  );
}
