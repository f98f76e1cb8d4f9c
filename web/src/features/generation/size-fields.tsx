import type { ModelOut } from "@/api/types.gen";
import { RatioGrid } from "@/features/catalogue/ratio-grid";
import { type Ratio, sizeText, socialSizes } from "@/features/catalogue/sizes";
import { Field } from "@/ui/field";
import { NumberField } from "@/ui/number-field";
import { Select } from "@/ui/select";
import type { Composer } from "./composer";
import { can } from "./draft";
import { Group } from "./settings-group";

type Props = { composer: Composer; model: ModelOut };

export function SizeFields({ composer, model }: Props) {
  const { draft, faults, set } = composer;
  const choose = (shape: Ratio | "custom") => {
    // A size of one's own begins where the shape before it was.
    const size = draft.shape === "custom" ? null : model.sizes.aspect_ratios[draft.shape];
    const begin = shape === "custom" && size ? { width: size[0], height: size[1] } : {};
    set({ shape, ...begin }, "shape", "width", "height");
  };
  return (
    <div className="grid gap-3">
      <Group label="Shape" error={faults.shape}>
        {(labelledBy) => (
          <RatioGrid
            sizes={model.sizes}
            value={draft.shape}
            onChange={choose}
            custom={can(model, "custom-size") || model.sizes.only.length > 0}
            labelledBy={labelledBy}
          />
        )}
      </Group>
      {draft.shape === "custom" ? <CustomSize composer={composer} model={model} /> : null}
    </div>
  );
}

function CustomSize({ composer, model }: Props) {
  const { draft, faults, set } = composer;
  const { sizes } = model;
  const named =
    sizes.only.length > 0
      ? sizes.only.map(([width, height]) => ({ name: "", width, height }))
      : socialSizes(sizes);
  const here = named.findIndex(
    ({ width, height }) => width === draft.width && height === draft.height,
  );
  const options = named.map(({ name, width, height }, index) => ({
    value: String(index),
    label: `${name} ${sizeText(width, height)}`.trim(),
  }));
  const own = sizes.only.length === 0 ? [{ value: "-1", label: "Own size" }] : [];
  return (
    <div className="grid gap-3 rounded-lg border bg-subtle p-3">
      {options.length > 0 ? (
        <Field label="Made for" error={sizes.only.length > 0 ? faults.width : undefined}>
          {(control) => (
            <Select
              {...control}
              options={[...own, ...options]}
              value={String(here)}
              onChange={(index) => {
                const size = named[Number(index)];
                if (size) set({ width: size.width, height: size.height }, "width", "height");
              }}
            />
          )}
        </Field>
      ) : null}
      {sizes.only.length > 0 ? null : (
        <div className="grid grid-cols-2 items-start gap-3">
          {(["width", "height"] as const).map((side) => (
            <Field
              key={side}
              label={side === "width" ? "Width" : "Height"}
              error={faults[side]}
              help={`${sizes.minimum} to ${sizes.maximum}${sizes.step > 1 ? `, by ${sizes.step}` : ""}`}
            >
              {(control) => (
                <NumberField
                  {...control}
                  min={sizes.minimum}
                  max={sizes.maximum}
                  step={sizes.step}
                  value={draft[side]}
                  onChange={(pixels) => set({ [side]: pixels }, side)}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </div>
  );
}
