import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { disableSecondFactorMutation } from "@/api/@tanstack/react-query.gen";
import type { SecondFactorOut } from "@/api/types.gen";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { CodeInput } from "./code-input";
import { ProofField, refreshSecurity, useShowRefusal } from "./proof";

type TurnOffProps = { status: SecondFactorOut; onClose: () => void };

export function TurnOffTwoStep({ status, onClose }: TurnOffProps) {
  const client = useQueryClient();
  const disable = useMutation(disableSecondFactorMutation());
  const refuse = useShowRefusal();
  const { register, handleSubmit, setError, formState } = useForm({
    defaultValues: { password: "", code: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ password, code }) => {
    if (code.trim() === "") {
      setError("code", { message: "Enter the code." }, { shouldFocus: true });
      return;
    }
    return disable.mutateAsync({ body: { password: password || null, code: code.trim() } }).then(
      () => {
        onClose();
        notify({ kind: "success", title: "Two-step verification is off" });
        return refreshSecurity(client);
      },
      (error) => refuse(error, ["password", "code"], setError),
    );
  });
  return (
    <DialogContent
      title="Turn two-step verification off?"
      description="Your password alone then lets anyone in who knows it. Your recovery codes are deleted; passkeys stay."
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <ProofField
          status={status}
          name="password"
          register={register}
          error={errors.password?.message}
        />
        <Field
          label="Code"
          help="From your authenticator app, or a recovery code."
          error={errors.code?.message}
        >
          {(control) => <CodeInput {...control} {...register("code")} inputMode="text" />}
        </Field>
        <Button
          type="submit"
          variant="danger"
          className="justify-self-start"
          working={formState.isSubmitting && "Turning off…"}
        >
          Turn off
        </Button>
      </form>
    </DialogContent>
  );
}
