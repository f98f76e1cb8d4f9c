import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { listPasskeysQueryKey, renamePasskeyMutation } from "@/api/@tanstack/react-query.gen";
import type { PasskeyOut } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";

type RenamePasskeyProps = { passkey: PasskeyOut; onClose: () => void };

export function RenamePasskey({ passkey, onClose }: RenamePasskeyProps) {
  const client = useQueryClient();
  const rename = useMutation(renamePasskeyMutation());
  const { register, handleSubmit, setError, formState } = useForm({
    defaultValues: { name: passkey.name },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ name }) => {
    if (name.trim() === "") {
      setError("name", { message: "Enter a name." }, { shouldFocus: true });
      return;
    }
    return rename.mutateAsync({ path: { id: passkey.id }, body: { name: name.trim() } }).then(
      () => {
        onClose();
        return client.invalidateQueries({ queryKey: listPasskeysQueryKey() });
      },
      (error) => showProblem(error, ["name"], setError),
    );
  });
  return (
    <DialogContent title="Rename the passkey">
      <form onSubmit={submit} noValidate className="grid gap-5">
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <Field label="Name" error={errors.name?.message}>
          {(control) => (
            <Input {...control} {...register("name")} maxLength={100} autoComplete="off" />
          )}
        </Field>
        <Button
          type="submit"
          className="justify-self-start"
          working={formState.isSubmitting && "Saving…"}
        >
          Save name
        </Button>
      </form>
    </DialogContent>
  );
}
