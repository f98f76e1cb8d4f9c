import { useQuery } from "@tanstack/react-query";
import { Controller, useForm, useWatch } from "react-hook-form";
import { listPresetsOptions } from "@/api/@tanstack/react-query.gen";
import type { ProjectOut } from "@/api/types.gen";
import { makesPictures, useModels } from "@/features/catalogue/models";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { Textarea } from "@/ui/textarea";
import { useProjectActions, useTemplates } from "./projects";

type ProjectForm = {
  name: string;
  description: string;
  category: string;
  tags: string;
  preset: string;
  model: string;
  template: string;
};

type ProjectDialogProps = {
  /** The one to change; absent, a new one. */
  project?: ProjectOut;
  onClose: () => void;
  onDone?: (project: ProjectOut) => void;
};

const FIELDS = ["name", "description", "category", "tags"] as const;

/** Begins a project, or changes what is said of one. */
export function ProjectDialog({ project, onClose, onDone }: ProjectDialogProps) {
  const { create, update } = useProjectActions();
  const models = useModels();
  const presets = useQuery({ ...listPresetsOptions({ query: { limit: 100 } }), staleTime: 60_000 });
  const templates = useTemplates();
  const its = typeof project?.settings.model === "string" ? project.settings.model : "";
  const { register, control, handleSubmit, setError, formState } = useForm<ProjectForm>({
    defaultValues: {
      name: project?.name ?? "",
      description: project?.description ?? "",
      category: project?.category ?? "",
      tags: project?.tags.join(", ") ?? "",
      preset: project?.preset_id ?? "",
      model: its,
      template: "",
    },
  });
  const { errors } = formState;
  const template = useWatch({ control, name: "template" });
  const submit = handleSubmit(async (form) => {
    const said = {
      description: form.description.trim(),
      category: form.category.trim() || null,
      tags: form.tags
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean),
      preset_id: form.preset || null,
      // Settings of one model seldom suit another.
      ...(form.model !== its && { settings: form.model ? { model: form.model } : {} }),
    };
    const empty = ([, value]: [string, unknown]) =>
      value === null || value === "" || (Array.isArray(value) && value.length === 0);
    try {
      const done = project
        ? await update.mutateAsync({ path: { id: project.id }, body: { name: form.name, ...said } })
        : await create.mutateAsync({
            body: {
              name: form.name,
              // What is left empty comes from the template.
              ...Object.fromEntries(Object.entries(said).filter((each) => !empty(each))),
              ...(form.template && { template_id: form.template }),
            },
          });
      onClose();
      onDone?.(done);
    } catch (error) {
      showProblem(error, FIELDS, setError);
    }
  });
  const none = { value: "", label: template ? "As the template says" : "None" };
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent title={project ? "Edit the project" : "New project"}>
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          {project || !templates.data?.items.length ? null : (
            <Field label="Start from">
              {(field) => (
                <Controller
                  control={control}
                  name="template"
                  render={({ field: { value, onChange } }) => (
                    <Select
                      {...field}
                      value={value}
                      onChange={onChange}
                      options={[
                        { value: "", label: "Nothing" },
                        ...templates.data.items.map(({ id, name }) => ({ value: id, label: name })),
                      ]}
                    />
                  )}
                />
              )}
            </Field>
          )}
          <Field label="Name" error={errors.name?.message}>
            {(field) => (
              <Input
                {...field}
                {...register("name", {
                  validate: (value) => value.trim() !== "" || "Enter a name.",
                  maxLength: { value: 100, message: "Use at most 100 characters." },
                })}
                autoComplete="off"
                dir="auto"
              />
            )}
          </Field>
          <Field label="Description" error={errors.description?.message}>
            {(field) => (
              <Textarea
                {...field}
                {...register("description", {
                  maxLength: { value: 2000, message: "Use at most 2,000 characters." },
                })}
                rows={2}
                dir="auto"
              />
            )}
          </Field>
          <div className="grid gap-5 sm:grid-cols-2">
            <Field label="Category" error={errors.category?.message}>
              {(field) => (
                <Input
                  {...field}
                  {...register("category", {
                    maxLength: { value: 50, message: "Use at most 50 characters." },
                  })}
                  placeholder="Print, web, game…"
                  autoComplete="off"
                />
              )}
            </Field>
            <Field label="Tags" error={errors.tags?.message}>
              {(field) => (
                <Input
                  {...field}
                  {...register("tags")}
                  placeholder="Separate by commas"
                  autoComplete="off"
                />
              )}
            </Field>
            <Choice
              label="Begins with the preset"
              name="preset"
              control={control}
              options={[
                none,
                ...(presets.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
              ]}
            />
            <Choice
              label="Model"
              name="model"
              control={control}
              options={[
                { ...none, label: template ? none.label : "Whichever is usual" },
                ...(models.data?.items
                  .filter((model) => makesPictures(model) || model.id === its)
                  .map(({ id, name }) => ({ value: id, label: name })) ?? []),
              ]}
            />
          </div>
          <Button
            type="submit"
            className="justify-self-end"
            working={formState.isSubmitting && "Saving…"}
          >
            {project ? "Save" : "Create project"}
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}

type ChoiceProps = {
  label: string;
  name: "preset" | "model";
  control: ReturnType<typeof useForm<ProjectForm>>["control"];
  options: { value: string; label: string }[];
};

function Choice({ label, name, control, options }: ChoiceProps) {
  return (
    <Field label={label}>
      {(field) => (
        <Controller
          control={control}
          name={name}
          render={({ field: { value, onChange } }) => (
            <Select {...field} value={value} onChange={onChange} options={options} />
          )}
        />
      )}
    </Field>
  );
}
