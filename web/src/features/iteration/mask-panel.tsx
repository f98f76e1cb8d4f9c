import { Link } from "@tanstack/react-router";
import { ArrowLeft, WandSparkles } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { EstimateOut, ImageOut, ModelOut } from "@/api/types.gen";
import { creditsText, priceText, useModels } from "@/features/catalogue/models";
import { stateText } from "@/features/generation/progress-text";
import { formatCredits } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { useShortcuts } from "@/lib/shortcuts";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Progress } from "@/ui/progress";
import { RichSelect } from "@/ui/rich-select";
import { Textarea } from "@/ui/textarea";
import type { Making } from "./mask-making";

/** The models that can do it, and which of them is chosen: the picture's own first. */
export function useAbleModels(capability: "inpaint" | "outpaint", own: string) {
  const { data, isPending } = useModels();
  const [chosen, choose] = useState<string | null>(null);
  const able =
    data?.items.filter(
      (model) => model.active && !model.retired && model.capabilities.includes(capability),
    ) ?? [];
  const ready = able.filter(({ available }) => available);
  const named = (id: string | null) => ready.find((model) => model.id === id);
  const model = named(chosen) ?? named(own) ?? named(data?.default ?? null) ?? ready[0];
  return { able, model, choose, isPending };
}

type MakePanelProps = {
  image: ImageOut;
  title: string;
  promptHelp: string;
  prompt: string;
  onPrompt: (prompt: string) => void;
  models: ReturnType<typeof useAbleModels>;
  price: EstimateOut | undefined;
  making: Making;
  /** Why it cannot be submitted yet. */
  missing: string | null;
  submitName: string;
  onSubmit: () => void;
  children?: ReactNode;
};

/** Beside the picture: what is to come, by which model, for how much. */
export function MakePanel(props: MakePanelProps) {
  const { image, title, prompt, onPrompt, models, price, making, missing, children } = props;
  const { model, able } = models;
  const submit = () => {
    if (model && !missing && !making.running) props.onSubmit();
  };
  useShortcuts({ "mod+enter": submit });
  return (
    <form
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget) submit();
      }}
      className="flex flex-col gap-5 p-4 sm:p-6"
    >
      <div className="grid gap-1">
        <Link
          to="/images/$id"
          params={{ id: image.id }}
          className="inline-flex items-center gap-1.5 justify-self-start text-sm text-primary-text underline-offset-4 hover:underline"
        >
          <ArrowLeft aria-hidden className="size-4" /> To the picture
        </Link>
        <h1 className="text-lg font-semibold">{title}</h1>
      </div>
      <Field label="Prompt" help={props.promptHelp}>
        {(control) => (
          <Textarea
            {...control}
            name="prompt"
            value={prompt}
            maxLength={model?.max_prompt ?? 10_000}
            onChange={(event) => onPrompt(event.target.value)}
          />
        )}
      </Field>
      {able.length > 0 ? (
        <Field label="Model">
          {(control) => (
            <RichSelect
              {...control}
              options={able.map((each) => ({
                value: each.id,
                label: each.name,
                hint: `${each.provider_name} · ${priceText(each.cost)}`,
                disabled: !each.available,
              }))}
              value={model?.id ?? null}
              onChange={models.choose}
            />
          )}
        </Field>
      ) : null}
      {!model && !models.isPending ? (
        <Alert kind="warning" title="No model here can do this">
          Ask who runs this studio to add one.
        </Alert>
      ) : null}
      {children}
      {making.refusal ? (
        <Alert kind="error" title="It was not submitted">
          {reasonOf(making.refusal)}
        </Alert>
      ) : null}
      <Outcome making={making} />
      <div className="grid gap-2">
        <Button
          type="submit"
          size="lg"
          aria-disabled={!model || missing !== null || making.running || undefined}
          working={making.sending && "Submitting…"}
        >
          <WandSparkles aria-hidden /> {props.submitName}
        </Button>
        <p className="min-h-4 text-center text-xs text-muted-foreground">
          {missing ?? <Price model={model} price={price} />}
        </p>
      </div>
    </form>
  );
}

function Price({ model, price }: { model: ModelOut | undefined; price: EstimateOut | undefined }) {
  if (!model || !price) return null;
  if (!price.affordable) {
    return (
      <span role="status" className="text-destructive-text">
        {`${creditsText(price.credits)}: more than the ${formatCredits(price.available ?? 0)} you have.`}
      </span>
    );
  }
  return (
    <>
      <span className="font-medium text-foreground">{creditsText(price.credits)}</span>
      {price.credits > 0 ? ` · ${price.explanation}` : null}
    </>
  );
}

function Outcome({ making: { generation, running, cancel } }: { making: Making }) {
  if (!generation) return null;
  if (running) {
    const text = stateText(generation);
    const percent = generation.status === "processing" ? generation.progress.percent : null;
    return (
      <div className="grid gap-2">
        <div className="flex items-center justify-between gap-2 text-sm">
          <span role="status">{text}</span>
          <Button variant="ghost" size="sm" onClick={() => void cancel()}>
            Cancel
          </Button>
        </div>
        <Progress value={percent} label={text} />
      </div>
    );
  }
  if (generation.status === "failed") {
    return (
      <Alert kind="error" title="It failed">
        {generation.error?.message ?? "The engine gave no reason."}
      </Alert>
    );
  }
  return null;
}
