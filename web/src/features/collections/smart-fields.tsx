import { Controller, type UseFormReturn } from "react-hook-form";
import { useModels } from "@/features/catalogue/models";
import { useProjectChoices } from "@/features/projects/projects";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import type { CollectionForm } from "./collection-dialog";

const SHAPES = [
  { value: "", label: "Any" },
  { value: "square", label: "Square" },
  { value: "landscape", label: "Landscape" },
  { value: "portrait", label: "Portrait" },
];
const RATINGS = [
  { value: "", label: "Any" },
  ...["1", "2", "3", "4", "5"].map((value) => ({
    value,
    label: value === "5" ? "5 stars" : `${value} stars or more`,
  })),
];

/** Which pictures a smart collection shows. */
export function SmartFields({ form }: { form: UseFormReturn<CollectionForm> }) {
  const { register } = form;
  const models = useModels();
  const projects = useProjectChoices();
  const named = (items: readonly { id: string; name: string }[] | undefined) => [
    { value: "", label: "Any" },
    ...(items?.map(({ id, name }) => ({ value: id, label: name })) ?? []),
  ];
  return (
    <fieldset className="grid gap-5 rounded-xl border p-4">
      <legend className="px-1 text-sm font-medium">Shows all pictures with</legend>
      <Field label="Words" help="In the title, the prompt, the tags or the notes.">
        {(field) => (
          <Input {...field} {...register("smart.q", { maxLength: 500 })} autoComplete="off" />
        )}
      </Field>
      <Field label="Tags">
        {(field) => (
          <Input
            {...field}
            {...register("smart.tags")}
            placeholder="Separate by commas"
            autoComplete="off"
          />
        )}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Choice form={form} label="Model" name="smart.model" options={named(models.data?.items)} />
        <Choice
          form={form}
          label="Project"
          name="smart.project"
          options={[...named(projects.data?.items), { value: "none", label: "In no project" }]}
        />
        <Choice form={form} label="Shape" name="smart.aspect" options={SHAPES} />
        <Choice form={form} label="Rating" name="smart.rating" options={RATINGS} />
      </div>
      <label className="flex items-center gap-2.5 text-sm">
        <input type="checkbox" className="accent-primary" {...register("smart.favorite")} />
        Favourites only
      </label>
    </fieldset>
  );
}

type ChoiceProps = {
  form: UseFormReturn<CollectionForm>;
  label: string;
  name: "smart.model" | "smart.project" | "smart.aspect" | "smart.rating";
  options: { value: string; label: string }[];
};

function Choice({ form, label, name, options }: ChoiceProps) {
  return (
    <Field label={label}>
      {(field) => (
        <Controller
          control={form.control}
          name={name}
          render={({ field: { value, onChange } }) => {
            // What it was set to may be gone since; it still shows that something is set.
            const known = options.some((option) => option.value === value);
            const all = known ? options : [...options, { value, label: "One that is gone" }];
            return <Select {...field} value={value} onChange={onChange} options={all} />;
          }}
        />
      )}
    </Field>
  );
}
