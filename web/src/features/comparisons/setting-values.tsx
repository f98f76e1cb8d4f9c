import { ParameterControl } from "@/features/catalogue/parameter-control";
import { type Parameter, problemWith } from "@/features/catalogue/schema-fields";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";
import { type AbDraft, startOf } from "./ab-draft";
import { LETTERS } from "./ab-words";

type SettingValuesProps = {
  draft: AbDraft;
  settings: readonly Parameter[];
  onChange: (part: Partial<AbDraft>) => void;
};

/** Which setting differs, and its two values. */
export function SettingValues({ draft, settings, onChange }: SettingValuesProps) {
  const parameter = settings.find(({ name }) => name === draft.setting);
  const values = parameter ? (draft.values[parameter.name] ?? startOf(parameter)) : null;
  return (
    <div className="grid gap-4">
      <Field label="Setting" help={parameter?.help || undefined}>
        {(control) => (
          <Select
            {...control}
            options={[
              { value: "", label: "Choose one", disabled: true },
              ...settings.map(({ name, label }) => ({ value: name, label })),
            ]}
            value={parameter?.name ?? ""}
            onChange={(setting) => onChange({ setting })}
          />
        )}
      </Field>
      {parameter && values ? (
        <div className="grid items-start gap-4 sm:grid-cols-2">
          {([0, 1] as const).map((at) => (
            <ParameterControl
              key={`${parameter.name} ${at}`}
              parameter={{ ...parameter, label: `${parameter.label} ${LETTERS[at]}`, help: "" }}
              value={values[at]}
              onChange={(value) => {
                const next = value ?? parameter.initial;
                const both: [unknown, unknown] = at === 0 ? [next, values[1]] : [values[0], next];
                onChange({ values: { ...draft.values, [parameter.name]: both } });
              }}
              error={problemWith(parameter, values[at]) ?? undefined}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}
