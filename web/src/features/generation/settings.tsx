import { lazy, Suspense, useState } from "react";
import type { ModelOut } from "@/api/types.gen";
import { ParameterControl } from "@/features/catalogue/parameter-control";
import { StylePicker } from "@/features/catalogue/style-picker";
import { Button } from "@/ui/button";
import { Collapsible } from "@/ui/collapsible";
import { Field } from "@/ui/field";
import { inputStyle } from "@/ui/input";
import { Select } from "@/ui/select";
import { Switch } from "@/ui/switch";
import { ToggleGroup } from "@/ui/toggle-group";
import type { Composer } from "./composer";
import { can, shownValue } from "./draft";
import { PresetsButton } from "./presets-button";
import { SeedField } from "./seed-field";
import { Group } from "./settings-group";
import { SizeFields } from "./size-fields";

const ModelSelect = lazy(() =>
  import("@/features/catalogue/model-select").then((module) => ({ default: module.ModelSelect })),
);

/** So many styles are shown at once, in rows; of more there is a strip first. */
const FEW = 8;

type Props = { composer: Composer; model: ModelOut };

export function Settings({ composer, model }: Props) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <PresetsButton composer={composer} model={model} />
      <ModelField composer={composer} model={model} />
      <StyleField composer={composer} model={model} />
      <SizeFields composer={composer} model={model} />
      <Amount composer={composer} model={model} />
      {can(model, "seed") ? <SeedField composer={composer} /> : null}
      <Parameters composer={composer} model={model} />
      <Failover composer={composer} />
    </div>
  );
}

function ModelField({ composer, model }: Props) {
  const { models, chooseOther, faults } = composer;
  return (
    <Field
      label="Model"
      help={<span className="text-xs">{model.description}</span>}
      error={faults.model}
    >
      {(control) => (
        <Suspense fallback={<div className={`${inputStyle} h-10 py-2`}>{model.name}</div>}>
          <ModelSelect
            {...control}
            models={models.data?.items ?? []}
            value={model.id}
            onChange={chooseOther}
          />
        </Suspense>
      )}
    </Field>
  );
}

/** The model's style, where it has some. */
function StyleField({ composer }: Props) {
  const [unfolded, unfold] = useState(false);
  const { parameters, draft, setValue, faults } = composer;
  const style = parameters.find(({ name }) => name === "style");
  if (style?.kind !== "choice") return null;
  const several = style.values.length > FEW;
  return (
    <Group
      label={style.label}
      error={faults.style}
      aside={
        several ? (
          <Button
            variant="link"
            aria-expanded={unfolded}
            onClick={() => unfold(!unfolded)}
            className="text-xs"
          >
            {unfolded ? "Show fewer" : `Show all ${style.values.length}`}
          </Button>
        ) : null
      }
    >
      {(labelledBy) => (
        <StylePicker
          unfolded={unfolded || !several}
          ids={style.values.map(String)}
          value={String(shownValue(draft, "style", style.initial) ?? "")}
          onChange={(id) => setValue("style", id)}
          labelledBy={labelledBy}
        />
      )}
    </Group>
  );
}

function Amount({ composer, model }: Props) {
  const { draft, faults, set } = composer;
  const counts = Array.from({ length: model.max_images }, (_, index) => String(index + 1));
  const formats = model.formats.map((format) => ({ value: format, label: format.toUpperCase() }));
  return (
    <div className="grid grid-cols-[1fr_7.5rem] items-start gap-4">
      <Group label="Pictures" error={faults.num_images}>
        {(labelledBy) =>
          counts.length <= 6 ? (
            <ToggleGroup
              aria-labelledby={labelledBy}
              choices={counts.map((value) => ({ value, label: value }))}
              value={String(draft.count)}
              onChange={(value) => set({ count: Number(value) }, "num_images")}
              className="flex w-full"
              itemClassName="flex-1 px-0"
            />
          ) : (
            <Select
              aria-labelledby={labelledBy}
              options={counts.map((value) => ({ value, label: value }))}
              value={String(draft.count)}
              onChange={(value) => set({ count: Number(value) }, "num_images")}
            />
          )
        }
      </Group>
      <Field label="Format" error={faults.output_format}>
        {(control) => (
          <Select
            {...control}
            options={formats}
            value={(draft.format || model.formats[0]) ?? "png"}
            onChange={(format) =>
              set({ format: format === model.formats[0] ? "" : format }, "output_format")
            }
          />
        )}
      </Field>
    </div>
  );
}

function Failover({ composer: { draft, set, models } }: { composer: Composer }) {
  const several = (models.data?.items.filter(({ available }) => available).length ?? 0) > 1;
  if (!several && !draft.failover) return null;
  return (
    <Field
      label="Let another model take over"
      help={
        <span className="text-xs">
          When this one is down: an equal one, for no more than this one's price.
        </span>
      }
      aside={null}
    >
      {(control) => (
        <Switch
          {...control}
          checked={draft.failover}
          onChange={(failover) => set({ failover }, "failover")}
        />
      )}
    </Field>
  );
}

/** All that the model can be told besides. */
function Parameters({ composer }: Props) {
  const { parameters, draft, faults, setValue } = composer;
  const own = parameters.filter(({ name, kind }) => name !== "style" || kind !== "choice");
  if (own.length === 0) return null;
  const changed = own.filter(({ name }) => name in draft.values).length;
  return (
    <div className="border-t pt-3">
      <Collapsible
        open={own.some(({ name }) => name in faults) || undefined}
        title={
          <span>
            Advanced settings{" "}
            {changed > 0 ? (
              <span className="font-normal text-muted-foreground">{changed} changed</span>
            ) : null}
          </span>
        }
      >
        <div className="grid gap-5">
          {own.map((parameter) => (
            <ParameterControl
              key={parameter.name}
              parameter={parameter}
              value={shownValue(draft, parameter.name, parameter.initial)}
              onChange={(value) => setValue(parameter.name, value)}
              error={faults[parameter.name]}
            />
          ))}
        </div>
      </Collapsible>
    </div>
  );
}
