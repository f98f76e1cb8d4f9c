import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { createTeamMutation } from "@/api/@tanstack/react-query.gen";
import { showProblem } from "@/lib/form-errors";
import { addressIn } from "@/lib/workspace";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";

type NewTeamDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** Names a new team and goes there. */
export function NewTeamDialog({ open, onOpenChange }: NewTeamDialogProps) {
  const create = useMutation(createTeamMutation());
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { name: "" } });
  const { errors } = formState;
  const submit = handleSubmit(({ name }) =>
    create.mutateAsync({ body: { name } }).then(
      ({ id }) => location.assign(addressIn(id, "/team")),
      (error) => showProblem(error, ["name"], setError),
    ),
  );
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="New team"
        description="A workspace of its own, with one library for all of its members. You invite them next."
      >
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          <Field label="Team name" error={errors.name?.message}>
            {(control) => (
              <Input
                {...control}
                {...register("name", { required: "Enter a name.", maxLength: 100 })}
                autoComplete="off"
              />
            )}
          </Field>
          <Button
            type="submit"
            className="justify-self-end"
            working={formState.isSubmitting && "Creating…"}
          >
            Create team
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}
