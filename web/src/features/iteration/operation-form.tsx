import { useState } from "react";
import type { IterationEstimateIn } from "@/api/types.gen";
import { creditsText, useModels } from "@/features/catalogue/models";
import { placeErrors } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field, FieldError } from "@/ui/field";
import { Select } from "@/ui/select";
import { Textarea } from "@/ui/textarea";
import { ToggleGroup } from "@/ui/toggle-group";
import { usePrice } from "./price";
import { StrengthField } from "./strength-field";
import { StylePicture } from "./style-picture";
import type { ToolProps } from "./tools";
import { ableModels, type Draft, type FormOperation, startingDraft, wishOf } from "./wish";

const VERBS: Record<FormOperation, string> = {
  variation: "Make variations",
  remix: "Remix",
  "image-to-image": "Paint over",
  upscale: "Upscale",
  "remove-background": "Remove background",
};
const FIELDS = ["prompt", "strength", "num_images", "scale", "model", "style_image_id"] as const;
type Wrong = Partial<Record<(typeof FIELDS)[number] | "form", string>>;

const COUNTS = ["1", "2", "3", "4"] as const;
const SCALES = ["2", "4", "8"] as const;

/** What an operation needs to be told, its price, and the button that begins it. */
export function OperationForm({ image, begin, form }: ToolProps & { form: FormOperation }) {
  const [draft, setDraft] = useState(() => startingDraft(form, image));
  const [wrong, setWrong] = useState<Wrong>({});
  const [working, setWorking] = useState(false);
  const change = (part: Partial<Draft>) => {
    setWrong({});
    setDraft((before) => ({ ...before, ...part }));
  };
  const models = useModels();
  const able = ableModels(models.data?.items ?? [], form, {
    prompt: draft.prompt,
    strength: draft.strength,
    styled: draft.style !== null,
  });
  const usable = able.filter(({ available }) => available);
  const named = (id: string | undefined) => usable.find((model) => model.id === id);
  const chosen =
    named(draft.model) ?? named(image.model) ?? named(models.data?.default) ?? usable[0];
  const sent = { ...draft, model: chosen?.id ?? "" };
  const { price, refusal } = usePrice(image.id, pricedOf(form, sent), usable.length > 0);
  const words = form === "remix" || form === "image-to-image";
  const several = words || form === "variation";
  const most = Math.min(4, chosen?.max_images ?? 4);
  const early = refusal ? wrongOf(refusal) : {};
  const shown: Wrong = { ...pick(early, ["scale", "model"]), ...wrong };

  const submit = async () => {
    if (working) return;
    setWrong({});
    setWorking(true);
    try {
      await begin(wishOf(form, sent));
    } catch (error) {
      setWrong(wrongOf(error));
    }
    setWorking(false);
  };

  if (models.data && usable.length === 0 && (!words || draft.prompt.trim()))
    return (
      <Alert kind="info" title="No model can do this">
        No model of this studio can do it at the moment. A key to a provider in the settings may
        bring one.
      </Alert>
    );
  return (
    <form
      aria-label={VERBS[form]}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {words ? (
        <Field label="Prompt" error={shown.prompt}>
          {(control) => (
            <Textarea
              {...control}
              value={draft.prompt}
              onChange={({ target }) => change({ prompt: target.value })}
            />
          )}
        </Field>
      ) : null}
      {form === "upscale" ? (
        <div className="grid gap-1.5">
          <ToggleGroup
            aria-label="How many times as wide and high"
            choices={SCALES.map((value) => ({ value, label: `${value}×` }))}
            value={String(draft.scale) as (typeof SCALES)[number]}
            onChange={(value) => change({ scale: Number(value) as Draft["scale"] })}
            className="grid grid-cols-3"
          />
          <p className="text-sm text-muted-foreground tabular-nums">
            {image.width * draft.scale} × {image.height * draft.scale} pixels
          </p>
          {shown.scale ? <FieldError>{shown.scale}</FieldError> : null}
        </div>
      ) : null}
      {form === "variation" || form === "image-to-image" ? (
        <StrengthField
          value={draft.strength}
          onChange={(strength) => change({ strength })}
          optional={form === "variation"}
          error={shown.strength}
        />
      ) : null}
      {form === "image-to-image" ? (
        <StylePicture
          image={image}
          value={draft.style}
          onChange={(style) => change({ style })}
          error={shown.style_image_id}
        />
      ) : null}
      {several && most > 1 ? (
        <div className="grid gap-1.5">
          <span className="text-sm font-medium">How many</span>
          <ToggleGroup
            aria-label="How many"
            choices={COUNTS.slice(0, most).map((value) => ({ value, label: value }))}
            value={String(Math.min(draft.count, most)) as (typeof COUNTS)[number]}
            onChange={(value) => change({ count: Number(value) })}
            className="grid grid-flow-col auto-cols-fr"
          />
          {shown.num_images ? <FieldError>{shown.num_images}</FieldError> : null}
        </div>
      ) : null}
      <Field label="Model" error={shown.model}>
        {(control) => (
          <Select
            {...control}
            options={able.map(({ id, name, available }) => ({
              value: id,
              label: available ? name : `${name} (not available)`,
              disabled: !available,
            }))}
            value={sent.model}
            onChange={(model) => change({ model })}
          />
        )}
      </Field>
      {shown.form ? <FieldError>{shown.form}</FieldError> : null}
      <Button
        type="submit"
        working={working && "Sending…"}
        disabled={words && !draft.prompt.trim()}
      >
        {VERBS[form]}
        {price ? (
          <span className="font-normal opacity-85">· {creditsText(price.credits)}</span>
        ) : null}
      </Button>
    </form>
  );
}

/** The draft without what has no part in the price, so that writing a prompt asks for nothing. */
function pricedOf(operation: FormOperation, draft: Draft): IterationEstimateIn {
  const { model, count, strength, scale } = draft;
  return {
    operation,
    ...(model ? { model } : {}),
    ...(count > 1 ? { num_images: count } : {}),
    ...(strength === null ? {} : { strength }),
    ...(operation === "upscale" ? { scale } : {}),
  };
}

function wrongOf(error: unknown): Wrong {
  const { fields, form } = placeErrors(error, FIELDS);
  const wrong: Wrong = form === null ? {} : { form };
  for (const { name, message } of fields) wrong[name] = message;
  return wrong;
}

function pick(wrong: Wrong, names: (keyof Wrong)[]): Wrong {
  return Object.fromEntries(
    Object.entries(wrong).filter(([name]) => names.includes(name as never)),
  );
}
