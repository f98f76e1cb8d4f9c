import { WandSparkles } from "lucide-react";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { GenerationCard } from "./generation-card";
import { useHistory } from "./history";
import { PromptForm } from "./prompt-form";

export function GeneratePage() {
  usePageTitle("Generate");
  return (
    <div className="grid lg:min-h-[calc(100dvh-3.5rem)] lg:grid-cols-[22rem_1fr]">
      <section aria-label="Prompt" className="border-b p-4 sm:p-6 lg:border-r lg:border-b-0">
        <div className="lg:sticky lg:top-20">
          <PromptForm />
        </div>
      </section>
      <section aria-label="Results" className="min-w-0 p-4 sm:p-6">
        <Results />
      </section>
    </div>
  );
}

function Results() {
  const history = useHistory();
  if (history.isPending) {
    return (
      <div role="status" aria-label="Loading your pictures" className="grid gap-6">
        <Skeleton className="h-40" />
        <Skeleton className="h-40" />
      </div>
    );
  }
  if (history.isError) {
    return (
      <Alert
        kind="error"
        title="Your pictures could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void history.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(history.error)}
      </Alert>
    );
  }
  if (history.data.items.length === 0) {
    return (
      <EmptyState icon={WandSparkles} title="Your first picture is one sentence away">
        Write what you want to see and press Generate. The built-in engine, Sketch, draws it by
        procedure; it is not an AI model.
      </EmptyState>
    );
  }
  return (
    <ol className="grid gap-8">
      {history.data.items.map((generation) => (
        <li key={generation.id}>
          <GenerationCard generation={generation} />
        </li>
      ))}
    </ol>
  );
}
