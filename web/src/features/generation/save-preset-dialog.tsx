import { useForm, useWatch } from "react-hook-form";
import type { ModelOut } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import type { Composer } from "./composer";
import { sameName, settingsOf, usePresetActions, usePresets } from "./presets";

type PresetForm = { name: string; isDefault: boolean };
type SavePresetDialogProps = { composer: Composer; model: ModelOut; onClose: () => void };

/** Keeps the form's settings under a name; under one that is there already, in the place of that one. */
export function SavePresetDialog({ composer, model, onClose }: SavePresetDialogProps) {
  const presets = usePresets();
  const { create, update } = usePresetActions();
  const { register, control, handleSubmit, setError, formState } = useForm<PresetForm>({
    defaultValues: { name: "", isDefault: false },
  });
  const { errors } = formState;
  const name = useWatch({ control, name: "name" });
  const before = presets.data?.find((preset) => sameName(preset.name, name));
  const submit = handleSubmit(async ({ name, isDefault }) => {
    const settings = settingsOf(composer.draft, model);
    const body = { name: name.trim(), settings, is_default: isDefault || !!before?.is_default };
    try {
      if (before) await update.mutateAsync({ path: { id: before.id }, body });
      else await create.mutateAsync({ body });
      notify({ kind: "success", title: `${body.name} is saved` });
      onClose();
    } catch (error) {
      showProblem(error, ["name"], setError);
    }
  });
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title="Save these settings"
        description="All but the prompt, for everyone in this workspace."
      >
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          <Field
            label="Preset name"
            error={errors.name?.message}
            help={before ? `${before.name} is there already: it gets these settings.` : undefined}
          >
            {(field) => (
              <Input
                {...field}
                {...register("name", {
                  validate: (value) => value.trim() !== "" || "Enter a name.",
                  maxLength: { value: 100, message: "Use at most 100 characters." },
                })}
                autoComplete="off"
              />
            )}
          </Field>
          <label className="flex items-center gap-2.5 text-sm">
            <input type="checkbox" className="accent-primary" {...register("isDefault")} />
            My new drafts begin with it
          </label>
          <Button
            type="submit"
            className="justify-self-end"
            working={formState.isSubmitting && "Saving…"}
          >
            {before ? "Save over it" : "Save the preset"}
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}
