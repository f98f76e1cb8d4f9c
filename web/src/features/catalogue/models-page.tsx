import { SearchX } from "lucide-react";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { useModelStats, useModels } from "./models";
import { ModelCards, ModelsMatrix } from "./models-matrix";
import { type ModelsSearch, nextSort, readModelsSearch, shownModels } from "./models-search";
import { words } from "./schema-fields";

type ModelsPageProps = { search: ModelsSearch; onSearch: (search: ModelsSearch) => void };

/** Every model of the studio side by side: what it can do, what it costs, how it has done. */
export function ModelsPage({ search, onSearch }: ModelsPageProps) {
  usePageTitle("Models");
  const models = useModels();
  const stats = useModelStats();
  if (models.isError)
    return (
      <div className="mx-auto w-full max-w-6xl p-4 sm:p-6 lg:p-8">
        <Alert
          kind="error"
          title="The models could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void models.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(models.error)}
        </Alert>
      </div>
    );
  const capabilities = [...new Set(models.data?.items.flatMap((each) => each.capabilities))].sort();
  const shown = models.data && shownModels(models.data.items, search, stats);
  const set = (part: Record<string, string>) => onSearch(readModelsSearch({ ...search, ...part }));
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 p-4 sm:p-6 lg:p-8">
      <section aria-label="Search and filter" className="grid gap-4 sm:grid-cols-2">
        <Field label="Search">
          {(control) => (
            <Input
              {...control}
              type="search"
              maxLength={200}
              placeholder="Name, provider or use"
              value={search.q ?? ""}
              onChange={(event) => set({ q: event.target.value })}
            />
          )}
        </Field>
        <Field label="Can do">
          {(control) => (
            <Select
              {...control}
              value={search.capability ?? ""}
              onChange={(capability) => set({ capability })}
              options={[
                { value: "", label: "Anything" },
                ...capabilities.map((value) => ({ value: value as string, label: words(value) })),
              ]}
            />
          )}
        </Field>
      </section>
      {shown === undefined ? (
        <div role="status" aria-label="Loading the models" className="grid gap-4">
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </div>
      ) : shown.length === 0 ? (
        <EmptyState
          icon={SearchX}
          title="No model is like that"
          action={
            <Button variant="secondary" onClick={() => onSearch({})}>
              Show all models
            </Button>
          }
        >
          Other words or another capability may find some.
        </EmptyState>
      ) : (
        <section aria-label="Models" className="grid gap-3">
          <ModelsMatrix
            models={shown}
            stats={stats}
            search={search}
            onSort={(sort) => onSearch(nextSort(search, sort))}
          />
          <ModelCards models={shown} stats={stats} />
          <p className="text-xs text-muted-foreground">
            Success and times are measured over the last seven days of the whole studio.
          </p>
        </section>
      )}
    </div>
  );
}
