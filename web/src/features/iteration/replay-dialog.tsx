import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { ImageOut, ReplayIn, ReplayOut, ReplayStepOut } from "@/api/types.gen";
import { creditsText, useModels } from "@/features/catalogue/models";
import { imageQuery } from "@/features/library/image-lists";
import { nameOf } from "@/features/library/image-page";
import { formatCount } from "@/lib/format";
import { Problem, reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { Textarea } from "@/ui/textarea";
import { useReplay, useReplayPrice } from "./replay";
import { operationName } from "./tree-words";

type ReplayDialogProps = { id: string; onBegun: (run: ReplayOut) => void; onClose: () => void };

/** Asks with what a branch is to be made again, and shows each step and the price before it begins. */
export function ReplayDialog({ id, onBegun, onClose }: ReplayDialogProps) {
  const { data: image, error } = useQuery(imageQuery(id));
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Replay this branch"
        description="The picture and all that was made from it, made again in the same order with another prompt or another model. What is there stays."
      >
        {image ? (
          <ReplayForm image={image} onBegun={onBegun} />
        ) : error ? (
          <Alert kind="error" title="The picture could not be loaded">
            {reasonOf(error)}
          </Alert>
        ) : (
          <Skeleton className="h-60 rounded-xl" />
        )}
      </DialogContent>
    </Dialog>
  );
}

function ReplayForm({ image, onBegun }: { image: ImageOut; onBegun: (run: ReplayOut) => void }) {
  const models = useModels();
  const keepId = useId();
  const [prompt, setPrompt] = useState(image.prompt);
  const [model, setModel] = useState("");
  const [keep, setKeep] = useState(false);
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const wish = wishOf(image, { prompt, model, keep });
  const { price, refusal } = useReplayPrice(image.id, wish);
  const begin = useReplay(image.id);
  const wrong = failed ?? refusal;
  const change = (act: () => void) => {
    setFailed(null);
    act();
  };
  const submit = async () => {
    if (!wish || working) return;
    setWorking(true);
    try {
      onBegun(await begin(wish));
    } catch (error) {
      setFailed(error);
      setWorking(false);
    }
  };
  const options = (models.data?.items ?? []).filter(({ active, retired }) => active && !retired);
  return (
    <form
      aria-label="Replay this branch"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label="Prompt"
        help="Takes the place of the old one, also where that is a part of a later step's."
      >
        {(control) => (
          <Textarea
            {...control}
            value={prompt}
            maxLength={10_000}
            onChange={({ target }) => change(() => setPrompt(target.value))}
          />
        )}
      </Field>
      <Field label="Model">
        {(control) => (
          <Select
            {...control}
            options={[
              { value: "", label: "Each step's own" },
              ...options.map(({ id, name, available }) => ({
                value: id,
                label: available ? name : `${name} (not available)`,
                disabled: !available,
              })),
            ]}
            value={model}
            onChange={(value) => change(() => setModel(value))}
          />
        )}
      </Field>
      {model ? (
        <div className="flex items-center gap-2.5 text-sm">
          <input
            id={keepId}
            type="checkbox"
            checked={keep}
            onChange={({ target }) => change(() => setKeep(target.checked))}
            className="size-4.5 shrink-0 accent-primary"
          />
          <label htmlFor={keepId}>Steps that it cannot do keep their own model</label>
        </div>
      ) : null}
      {wrong ? <Refusal error={wrong} /> : null}
      {price ? <Steps steps={price.steps} /> : null}
      {price && !price.affordable ? (
        <Alert kind="warning" title="There are not enough credits for this" />
      ) : null}
      <Button
        type="submit"
        working={working && "Sending…"}
        disabled={!price?.affordable || wrong !== null}
      >
        {price ? `Replay ${formatCount(price.steps.length, "step")}` : "Replay"}
        {price ? (
          <span className="font-normal opacity-85">· {creditsText(price.credits)}</span>
        ) : null}
      </Button>
      {wish ? null : (
        <p className="text-sm text-muted-foreground">
          Change the prompt of “{nameOf(image)}”, or choose a model.
        </p>
      )}
    </form>
  );
}

function Refusal({ error }: { error: unknown }) {
  const fields = error instanceof Problem ? error.fields : [];
  return (
    <Alert kind="error" title={fields.length > 0 ? "Not every step can be made so" : undefined}>
      {fields.length > 0 ? (
        <ul className="grid gap-1">
          {fields.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      ) : (
        reasonOf(error)
      )}
    </Alert>
  );
}

function Steps({ steps }: { steps: readonly ReplayStepOut[] }) {
  return (
    <ol aria-label="Steps" className="grid max-h-60 gap-1 overflow-y-auto rounded-lg border p-2">
      {steps.map((step, at) => (
        <li
          key={`${step.image_id} ${step.operation}`}
          className="flex items-baseline gap-2 px-1.5 py-1 text-sm"
        >
          <span className="w-5 shrink-0 text-right text-xs text-muted-foreground tabular-nums">
            {at + 1}
          </span>
          <span className="min-w-0 flex-1">
            {operationName(step.operation)}
            <span className="block truncate text-xs text-muted-foreground">
              {step.operation === "edit" ? "The same edits" : `${step.prompt} · ${step.model}`}
            </span>
          </span>
          <span className="shrink-0 text-xs text-muted-foreground">
            {creditsText(step.credits)}
          </span>
        </li>
      ))}
    </ol>
  );
}

type Form = { prompt: string; model: string; keep: boolean };

/** What is asked for; null while nothing would be other than it was. */
export function wishOf(image: Pick<ImageOut, "prompt">, form: Form): ReplayIn | null {
  const words = form.prompt.trim();
  const other = words !== "" && words !== image.prompt.trim();
  if (!other && !form.model) return null;
  return {
    ...(other ? { prompt: words } : {}),
    ...(form.model ? { model: form.model, keep_models: form.keep } : {}),
  };
}
