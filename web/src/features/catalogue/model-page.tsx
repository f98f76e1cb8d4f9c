import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExternalLink, WandSparkles } from "lucide-react";
import { getModelOptions, getModelStatsOptions } from "@/api/@tanstack/react-query.gen";
import type { ModelOut } from "@/api/types.gen";
import { useUser } from "@/features/accounts/session";
import { formatAgo, formatNumber } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Card } from "@/ui/card";
import { Skeleton } from "@/ui/skeleton";
import { ModelAdministration } from "./model-administration";
import { Availability, Grade, Health, Notices, secondsText, successText } from "./model-facts";
import { ModelParameters } from "./model-parameters";
import { ModelSamples } from "./model-samples";
import { priceText } from "./models";
import { Fact } from "./models-matrix";
import { words } from "./schema-fields";

/** One model: what it is, takes, costs and made, and how it has done. */
export function ModelPage({ id }: { id: string }) {
  const model = useQuery(getModelOptions({ path: { id } }));
  const { role } = useUser();
  usePageTitle(model.data?.name ?? "Model");
  if (model.isError)
    return (
      <div className="mx-auto w-full max-w-4xl p-4 sm:p-6 lg:p-8">
        <Alert
          kind="error"
          title="The model could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void model.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(model.error)}
        </Alert>
      </div>
    );
  if (!model.data)
    return (
      <div role="status" aria-label="Loading the model" className="mx-auto max-w-4xl p-4 sm:p-6">
        <Skeleton className="h-64" />
      </div>
    );
  return (
    <div className="mx-auto grid w-full max-w-4xl grid-cols-[minmax(0,1fr)] gap-6 p-4 sm:p-6 lg:p-8">
      <About model={model.data} />
      <Measured id={id} />
      {role === "admin" && model.data.updated_at ? (
        <ModelAdministration model={model.data} />
      ) : null}
      <ModelParameters model={model.data} />
      <ModelSamples id={id} />
    </div>
  );
}

function About({ model }: { model: ModelOut }) {
  return (
    <Card className="grid gap-5 p-4 sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="grid min-w-0 gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="text-xl">{model.name}</h2>
            <Notices model={model} />
          </div>
          <p className="text-sm text-muted-foreground">
            {model.provider_name} · version {model.version} ·{" "}
            <span className="break-all">{model.id}</span>
          </p>
        </div>
        {model.available ? (
          <Link to="/generate" search={{ model: model.id }} className={buttonVariants()}>
            <WandSparkles aria-hidden /> Use this model
          </Link>
        ) : (
          <Availability model={model} />
        )}
      </div>
      <p className="text-pretty">{model.description}</p>
      <dl className="grid grid-cols-2 gap-4 text-sm sm:grid-cols-4">
        <Fact label="Price">{priceText(model.cost)}</Fact>
        <Fact label="Speed">
          <Grade label="Speed" value={model.speed} />
        </Fact>
        <Fact label="Quality">
          <Grade label="Quality" value={model.quality} />
        </Fact>
        <Fact label="Kind">{words(model.category)}</Fact>
        <div className="col-span-2">
          <Fact label="Best for">{model.best_use || "–"}</Fact>
        </div>
        <div className="col-span-2">
          <Fact label="Can do">{model.capabilities.map(words).join(", ")}</Fact>
        </div>
        <div className="col-span-2">
          <Fact label="Licence">{model.licence || "–"}</Fact>
        </div>
        {model.added_at ? <Fact label="Here since">{formatAgo(model.added_at)}</Fact> : null}
      </dl>
      {model.documentation_url ? (
        <a
          href={model.documentation_url}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1.5 text-sm text-primary-text underline-offset-4 hover:underline"
        >
          <ExternalLink aria-hidden className="size-4" /> Its maker's documentation
        </a>
      ) : null}
    </Card>
  );
}

function Measured({ id }: { id: string }) {
  const { data: stats } = useQuery(getModelStatsOptions({ path: { id } }));
  return (
    <Card className="grid gap-4 p-4 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg">The last seven days</h2>
        <Health stats={stats} />
      </div>
      <dl className="grid grid-cols-2 gap-4 text-sm tabular-nums sm:grid-cols-4">
        <Fact label="Requests">{stats ? formatNumber(stats.generations) : "–"}</Fact>
        <Fact label="Success">{successText(stats)}</Fact>
        <Fact label="Usual time">{secondsText(stats?.p50_seconds)}</Fact>
        <Fact label="95 of 100 within">{secondsText(stats?.p95_seconds)}</Fact>
      </dl>
    </Card>
  );
}
