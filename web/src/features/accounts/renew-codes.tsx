import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { renewRecoveryCodesMutation } from "@/api/@tanstack/react-query.gen";
import type { SecondFactorOut } from "@/api/types.gen";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { DialogContent } from "@/ui/dialog";
import { ProofField, refreshSecurity, useShowRefusal } from "./proof";
import { RecoveryCodes } from "./recovery-codes";

type RenewCodesProps = { status: SecondFactorOut; onClose: () => void };

/** Ten new recovery codes in place of those before. */
export function RenewCodes({ status, onClose }: RenewCodesProps) {
  const client = useQueryClient();
  const renew = useMutation(renewRecoveryCodesMutation());
  const refuse = useShowRefusal();
  const [codes, setCodes] = useState<string[] | null>(null);
  const { register, handleSubmit, setError, formState } = useForm({
    defaultValues: { password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ password }) =>
    renew.mutateAsync({ body: { password: password || null } }).then(
      (answer) => {
        setCodes(answer.recovery_codes);
        void refreshSecurity(client);
      },
      (error) => refuse(error, ["password"], setError),
    ),
  );
  if (codes) {
    return (
      <DialogContent
        title="Your new recovery codes"
        footer={<Button onClick={onClose}>I have kept them</Button>}
      >
        <RecoveryCodes codes={codes} />
      </DialogContent>
    );
  }
  return (
    <DialogContent
      title="Make new recovery codes?"
      description="The codes that you have now are good no more."
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <ProofField
          status={status}
          name="password"
          register={register}
          error={errors.password?.message}
        />
        <Button
          type="submit"
          className="justify-self-start"
          working={formState.isSubmitting && "Making them…"}
        >
          Make new codes
        </Button>
      </form>
    </DialogContent>
  );
}
