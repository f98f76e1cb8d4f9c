import { WandSparkles } from "lucide-react";
import type { GenerationOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { EndOfList } from "./end-of-list";
import { useFeed } from "./follow";
import { GenerationCard } from "./generation-card";
import { useCardActions } from "./submit";
import { useTabProgress } from "./use-tab-progress";

const EXAMPLES = [
  "A lighthouse on a rocky coast at sunset",
  "A red fox in the snow at dusk",
  "A little house in a village, isometric",
];

/** Rows further down are laid out only when they come near the view. */
const rowStyle =
  "min-w-0 nth-[n+6]:[contain-intrinsic-size:auto_30rem] nth-[n+6]:[content-visibility:auto]";

type ResultsProps = {
  onUseSettings: (generation: GenerationOut, image?: number) => void;
  /** Puts words into the form. */
  onTry: (prompt: string) => void;
};

/** Everything made so far, newest first, with what is underway at the top. */
export function Results({ onUseSettings, onTry }: ResultsProps) {
  const feed = useFeed();
  const actions = useCardActions();
  const { items } = feed;
  useTabProgress(items, "Generate");
  if (feed.isPending) {
    return (
      <div role="status" aria-label="Loading your pictures" className="grid gap-8">
        <Skeleton className="h-80 max-w-xl" />
        <Skeleton className="h-80 max-w-xl" />
      </div>
    );
  }
  if (feed.isError && items.length === 0) {
    return (
      <Alert
        kind="error"
        title="Your pictures could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void feed.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(feed.error)}
      </Alert>
    );
  }
  if (items.length === 0) return <Nothing onTry={onTry} />;
  return (
    <>
      <ol className="grid gap-10">
        {items.map((generation) => (
          <li key={generation.id} className={rowStyle}>
            <GenerationCard
              generation={generation}
              actions={actions}
              onUseSettings={onUseSettings}
            />
          </li>
        ))}
      </ol>
      <EndOfList {...feed} />
    </>
  );
}

function Nothing({ onTry }: Pick<ResultsProps, "onTry">) {
  return (
    <EmptyState
      icon={WandSparkles}
      title="Your first picture is one sentence away"
      action={
        <ul aria-label="Examples" className="flex flex-wrap justify-center gap-2">
          {EXAMPLES.map((prompt) => (
            <li key={prompt}>
              <Button size="sm" variant="secondary" onClick={() => onTry(prompt)}>
                {prompt}
              </Button>
            </li>
          ))}
        </ul>
      }
    >
      Write what you want to see and press Generate, or begin with one of these. The built-in
      engine, Sketch, draws by procedure; it is not an AI model.
    </EmptyState>
  );
}
