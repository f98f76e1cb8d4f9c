import { type FormEvent, useState } from "react";
import type { ModelList } from "@/api/types.gen";
import { ModelSelect } from "@/features/catalogue/model-select";
import { chooseModel, creditsText, useModels } from "@/features/catalogue/models";
import { offeredRatios } from "@/features/catalogue/sizes";
import { useMayChange } from "@/features/workspaces/acting";
import { placeErrors } from "@/lib/form-errors";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field, FieldError } from "@/ui/field";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { Switch } from "@/ui/switch";
import { Textarea } from "@/ui/textarea";
import { ToggleGroup } from "@/ui/toggle-group";
import { type AbDraft, bodyOf, EMPTY, settingsOf, type Varies } from "./ab-draft";
import { LETTERS } from "./ab-words";
import { useAsk, usePairsPrice } from "./comparisons";
import { SettingValues } from "./setting-values";

const SUBJECTS: { value: Varies; label: string }[] = [
  { value: "prompt", label: "Two prompts" },
  { value: "model", label: "Two models" },
  { value: "setting", label: "One setting" },
];
const PAIRS = ["1", "2", "3", "5", "10"] as const;

/** What to compare, its price, and the button that begins it. */
export function AskForm({ onAsked }: { onAsked: () => void }) {
  const models = useModels();
  const mayChange = useMayChange();
  if (!mayChange)
    return (
      <Alert kind="info" title="You may only look here">
        Ask who leads this team for the level to make pictures.
      </Alert>
    );
  if (models.isError && !models.data)
    return (
      <Alert kind="error" title="The models could not be loaded">
        {reasonOf(models.error)}
      </Alert>
    );
  const model = models.data ? chooseModel(models.data, "") : undefined;
  if (!models.data || !model) return <Skeleton className="h-80 rounded-xl" />;
  return <Fields models={models.data} onAsked={onAsked} />;
}

type FieldsProps = {
  models: ModelList;
  onAsked: () => void;
};

function Fields({ models, onAsked }: FieldsProps) {
  const [draft, setDraft] = useState<AbDraft>(EMPTY);
  const [wrong, setWrong] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const ask = useAsk();
  const set = (part: Partial<AbDraft>) => {
    setWrong(null);
    setDraft((before) => ({ ...before, ...part }));
  };
  const model = chooseModel(models, draft.model);
  const { varies } = draft;
  const body = model ? bodyOf(draft, model) : null;
  const { price, refusal } = usePairsPrice(body);
  if (!model) return null;
  const shapes = offeredRatios(model.sizes);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!body || sending) return;
    setSending(true);
    try {
      await ask(body);
      onAsked();
    } catch (error) {
      setWrong(toldOf(error));
    }
    setSending(false);
  };
  const told = wrong ?? (refusal ? toldOf(refusal) : null);
  return (
    <form
      aria-label="New comparison"
      onSubmit={(event) => void submit(event)}
      className="mx-auto grid w-full max-w-2xl gap-5"
    >
      <ToggleGroup
        aria-label="What differs"
        choices={SUBJECTS}
        value={varies}
        onChange={(next) => set({ varies: next })}
        className="grid grid-cols-3"
        itemClassName="max-sm:px-1"
      />
      {varies === "prompt" ? (
        <Two label="Prompt">
          {(at, control) => (
            <Textarea
              {...control}
              value={draft.prompts[at]}
              onChange={({ target }) => set({ prompts: put(draft.prompts, at, target.value) })}
            />
          )}
        </Two>
      ) : (
        <Field label="Prompt">
          {(control) => (
            <Textarea
              {...control}
              value={draft.prompt}
              onChange={({ target }) => set({ prompt: target.value })}
            />
          )}
        </Field>
      )}
      {varies === "model" ? (
        <Two label="Model">
          {(at, control) => (
            <ModelSelect
              {...control}
              models={models.items}
              value={draft.models[at]}
              onChange={(id) => set({ models: put(draft.models, at, id) })}
            />
          )}
        </Two>
      ) : (
        <Field label="Model">
          {(control) => (
            <ModelSelect
              {...control}
              models={models.items}
              value={model.id}
              onChange={(id) => set({ model: id })}
            />
          )}
        </Field>
      )}
      {varies === "setting" ? (
        <SettingValues draft={draft} settings={settingsOf(model)} onChange={set} />
      ) : null}
      <div className="grid grid-cols-2 items-start gap-4">
        <Field label="Shape">
          {(control) => (
            <Select
              {...control}
              options={[
                { value: "", label: "The model's own" },
                ...shapes.map((shape) => ({ value: shape as string, label: shape })),
              ]}
              value={draft.shape}
              disabled={varies === "setting" && draft.setting === "aspect_ratio"}
              onChange={(shape) => set({ shape })}
            />
          )}
        </Field>
        <Field label="Pairs" help="Each with a seed of its own.">
          {(control) => (
            <Select
              {...control}
              options={PAIRS.map((value) => ({ value, label: value }))}
              value={String(draft.pairs) as (typeof PAIRS)[number]}
              onChange={(value) => set({ pairs: Number(value) })}
            />
          )}
        </Field>
      </div>
      <Field
        label="Blind"
        help="Which side is which is told after the vote, which is final then."
        className="[&>input]:justify-self-start"
      >
        {(control) => (
          <Switch {...control} checked={draft.blind} onChange={(blind) => set({ blind })} />
        )}
      </Field>
      {told ? <FieldError>{told}</FieldError> : null}
      {price && !price.affordable ? (
        <FieldError>That is more than the {creditsText(price.available ?? 0)} you have.</FieldError>
      ) : null}
      <Button
        type="submit"
        disabled={!body || price?.affordable === false}
        working={sending && "Sending…"}
      >
        Make {draft.pairs * 2} pictures
        {price ? (
          <span className="font-normal opacity-85">· {creditsText(price.credits)}</span>
        ) : null}
      </Button>
    </form>
  );
}

type TwoProps = {
  label: string;
  children: Parameters<typeof Field>[0]["children"] extends (control: infer Control) => infer Node
    ? (at: 0 | 1, control: Control) => Node
    : never;
};

/** The same field twice, side by side where there is room. */
function Two({ label, children }: TwoProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {([0, 1] as const).map((at) => (
        <Field key={at} label={`${label} ${LETTERS[at]}`}>
          {(control) => children(at, control)}
        </Field>
      ))}
    </div>
  );
}

function put(pair: readonly [string, string], at: 0 | 1, value: string): [string, string] {
  return at === 0 ? [value, pair[1]] : [pair[0], value];
}

function toldOf(error: unknown): string {
  const { fields, form } = placeErrors(error, ["values.0", "values.1"]);
  const said = fields.map(({ name, message }) => `${name === "values.0" ? "A" : "B"}: ${message}`);
  return [...said, form].filter(Boolean).join(" ");
}
