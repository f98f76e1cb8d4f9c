import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import {
  enableSecondFactorMutation,
  setUpSecondFactorMutation,
} from "@/api/@tanstack/react-query.gen";
import type { EnrolmentOut, SecondFactorOut } from "@/api/types.gen";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { CodeInput } from "./code-input";
import { ProofField, refreshSecurity, useShowRefusal } from "./proof";
import { RecoveryCodes } from "./recovery-codes";

type StepProps = { status: SecondFactorOut; onClose: () => void };

/** Turning two-step verification on: the password if need be, the app, the recovery codes. */
export function SetUpTwoStep({ status, onClose }: StepProps) {
  const client = useQueryClient();
  const [enrolment, setEnrolment] = useState<EnrolmentOut | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) {
    return (
      <DialogContent
        title="Two-step verification is on"
        footer={<Button onClick={onClose}>I have kept them</Button>}
      >
        <RecoveryCodes codes={codes} />
      </DialogContent>
    );
  }
  if (!enrolment) return <Begin status={status} onBegun={setEnrolment} />;
  const onEnabled = (fresh: string[]) => {
    setCodes(fresh);
    void refreshSecurity(client);
  };
  return <Connect enrolment={enrolment} onEnabled={onEnabled} />;
}

type BeginProps = { status: SecondFactorOut; onBegun: (enrolment: EnrolmentOut) => void };

function Begin({ status, onBegun }: BeginProps) {
  const setUp = useMutation(setUpSecondFactorMutation());
  const refuse = useShowRefusal();
  const { register, handleSubmit, setError, formState } = useForm({
    defaultValues: { password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ password }) =>
    setUp
      .mutateAsync({ body: { password: password || null } })
      .then(onBegun, (error) => refuse(error, ["password"], setError)),
  );
  return (
    <DialogContent
      title="Set up two-step verification"
      description="You need an authenticator app on your phone, such as Aegis, 2FAS, Google Authenticator or the one in your password manager."
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
          working={formState.isSubmitting && "Preparing…"}
        >
          Continue
        </Button>
      </form>
    </DialogContent>
  );
}

type ConnectProps = { enrolment: EnrolmentOut; onEnabled: (codes: string[]) => void };

function Connect({ enrolment, onEnabled }: ConnectProps) {
  const enable = useMutation(enableSecondFactorMutation());
  const refuse = useShowRefusal();
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { code: "" } });
  const { errors } = formState;
  const submit = handleSubmit(({ code }) => {
    if (code.trim() === "") {
      setError("code", { message: "Enter the code." }, { shouldFocus: true });
      return;
    }
    return enable.mutateAsync({ body: { code: code.trim() } }).then(
      (answer) => onEnabled(answer.recovery_codes),
      (error) => refuse(error, ["code"], setError),
    );
  });
  return (
    <DialogContent
      title="Connect your authenticator app"
      description="Scan the picture with the app, or type the key in."
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <img
          src={`data:image/svg+xml;utf8,${encodeURIComponent(enrolment.qr_svg)}`}
          alt="QR code with the key for your authenticator app"
          className="size-44 justify-self-center rounded-lg border"
        />
        <div>
          <p className="text-sm font-medium">Key</p>
          <p className="mt-1 flex items-center gap-2">
            <code className="font-mono text-sm wrap-anywhere">{grouped(enrolment.secret)}</code>
            <CopyButton text={enrolment.secret} label="Copy the key" />
          </p>
        </div>
        <Field label="Code that the app shows" error={errors.code?.message}>
          {(control) => <CodeInput {...control} {...register("code")} />}
        </Field>
        <Button
          type="submit"
          className="justify-self-start"
          working={formState.isSubmitting && "Checking…"}
        >
          Turn on
        </Button>
      </form>
    </DialogContent>
  );
}

/** Four letters at a time, as people type them. */
function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}
