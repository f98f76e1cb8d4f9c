import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { Controller, useForm } from "react-hook-form";
import { createApiKeyMutation } from "@/api/@tanstack/react-query.gen";
import type { ApiKeyMade } from "@/api/types.gen";
import { useActingTeam } from "@/features/workspaces/acting";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field, FieldError } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";

const SCOPES = [
  { value: "read", label: "Read", help: "Look at pictures and their history, and download them." },
  { value: "generate", label: "Generate", help: "Make pictures." },
  { value: "manage", label: "Manage", help: "Change and delete pictures." },
] as const;

const ENDS = [
  { value: "never", label: "When it is revoked" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
] as const;

type Scope = (typeof SCOPES)[number]["value"];
type KeyForm = { name: string; scopes: Scope[]; ends: (typeof ENDS)[number]["value"] };
type NewApiKeyDialogProps = { onClose: () => void; onMade: (key: ApiKeyMade) => void };

const DAY_MS = 86_400_000;

export function NewApiKeyDialog({ onClose, onMade }: NewApiKeyDialogProps) {
  const id = useId();
  const team = useActingTeam();
  const create = useMutation(createApiKeyMutation());
  const { register, control, handleSubmit, setError, formState } = useForm<KeyForm>({
    defaultValues: { name: "", scopes: ["read"], ends: "90" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ name, scopes, ends }) => {
    const expires_at =
      ends === "never" ? null : new Date(Date.now() + Number(ends) * DAY_MS).toISOString();
    return create
      .mutateAsync({ body: { name, scopes, expires_at } })
      .then(onMade, (error) => showProblem(error, ["name", "scopes"], setError));
  });
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title="New API key"
        description={`It acts in ${team ? team.name : "your personal workspace"}.`}
      >
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          <Field label="Key name" error={errors.name?.message} help="What it is for.">
            {(field) => (
              <Input
                {...field}
                {...register("name", { required: "Enter a name." })}
                autoComplete="off"
              />
            )}
          </Field>
          <fieldset className="grid gap-2">
            <legend className="mb-1.5 text-sm font-medium">It may</legend>
            {SCOPES.map(({ value, label, help }) => (
              <label key={value} className="flex items-start gap-2.5 text-sm">
                <input
                  type="checkbox"
                  value={value}
                  aria-describedby={`${id}-${value}`}
                  className="mt-1 accent-primary"
                  {...register("scopes", { required: "Choose at least one." })}
                />
                <span>
                  <span className="font-medium">{label}</span>
                  <span id={`${id}-${value}`} className="block text-muted-foreground">
                    {help}
                  </span>
                </span>
              </label>
            ))}
            {errors.scopes?.message ? <FieldError>{errors.scopes.message}</FieldError> : null}
          </fieldset>
          <Field label="It ends">
            {(field) => (
              <Controller
                control={control}
                name="ends"
                render={({ field: { value, onChange } }) => (
                  <Select {...field} options={ENDS} value={value} onChange={onChange} />
                )}
              />
            )}
          </Field>
          <Button
            type="submit"
            className="justify-self-end"
            working={formState.isSubmitting && "Making…"}
          >
            Make the key
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}
