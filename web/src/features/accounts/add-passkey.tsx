import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { listPasskeysQueryKey } from "@/api/@tanstack/react-query.gen";
import type { SecondFactorOut } from "@/api/types.gen";
import { Problem } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { deviceOf } from "./device-name";
import { addPasskey, passkeyReason } from "./passkey";
import { ProofField, useShowRefusal } from "./proof";

type AddPasskeyProps = { status: SecondFactorOut; onClose: () => void };
type AddForm = { name: string; password: string };

export function AddPasskey({ status, onClose }: AddPasskeyProps) {
  const client = useQueryClient();
  const refuse = useShowRefusal();
  const add = useMutation({
    mutationFn: ({ name, password }: AddForm) => addPasskey(name.trim(), password || null),
  });
  const { register, handleSubmit, setError, formState } = useForm<AddForm>({
    defaultValues: { name: deviceOf(navigator.userAgent).name, password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit((values) => {
    if (values.name.trim() === "") {
      setError("name", { message: "Enter a name." }, { shouldFocus: true });
      return;
    }
    return add.mutateAsync(values).then(
      (passkey) => {
        onClose();
        notify({ kind: "success", title: `${passkey.name} is a passkey now` });
        void client.invalidateQueries({ queryKey: listPasskeysQueryKey() });
      },
      (error) => {
        if (error instanceof Problem) refuse(error, ["name", "password"], setError);
        else setError("root", { message: passkeyReason(error) });
      },
    );
  });
  return (
    <DialogContent
      title="Add a passkey"
      description="Your browser then asks where to keep it: on this device, on your phone or in a password manager."
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <Field label="Name" help="So that you know it again." error={errors.name?.message}>
          {(control) => (
            <Input {...control} {...register("name")} maxLength={100} autoComplete="off" />
          )}
        </Field>
        <ProofField
          status={status}
          name="password"
          register={register}
          error={errors.password?.message}
        />
        <Button
          type="submit"
          className="justify-self-start"
          working={formState.isSubmitting && "Waiting for the browser…"}
        >
          Create the passkey
        </Button>
      </form>
    </DialogContent>
  );
}
