import { useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { showProblem } from "@/lib/form-errors";
import { usePageTitle } from "@/lib/page-title";
import { Problem } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { AuthLayout } from "./auth-layout";
import { CodeInput } from "./code-input";
import { finishByPasskey, passkeyReason, passkeysWork } from "./passkey";
import { begin, type SecondFactor, useLogInByCode } from "./session";

type SecondStepProps = {
  needed: SecondFactor;
  onSignedIn: () => void;
  /** Back to the first step, with a reason where it was not the person's wish. */
  onStartOver: (reason: string | null) => void;
};

type CodeForm = { code: string };

/** The second step of a log-in: the app's code, a recovery code or a passkey. */
export function SecondStep({ needed, onSignedIn, onStartOver }: SecondStepProps) {
  usePageTitle("Two-step verification");
  const [recovery, setRecovery] = useState(false);
  const { handleSubmit, register, reset, setError, setFocus, formState } = useForm<CodeForm>({
    defaultValues: { code: "" },
  });
  const logIn = useLogInByCode();
  const passkey = usePasskeyStep(needed, onSignedIn, onStartOver);
  const { errors } = formState;

  const submit = handleSubmit(({ code }) => {
    if (code.trim() === "") {
      setError("code", { message: "Enter the code." }, { shouldFocus: true });
      return;
    }
    const body = { challenge: needed.challenge, code: code.trim() };
    return logIn.mutateAsync({ body }).then(onSignedIn, (error) => {
      if (error instanceof Problem && error.code === "challenge_ended")
        onStartOver("That took too long, or too many codes were wrong. Log in again.");
      else if (error instanceof Problem && error.code === "wrong_code")
        setError("code", { message: "That code is wrong, or was used before." });
      else showProblem(error, ["code"], setError);
      setFocus("code", { shouldSelect: true });
    });
  });
  const swap = () => {
    setRecovery(!recovery);
    reset();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: each kind of code has a field of its own.
  useEffect(() => setFocus("code"), [recovery, setFocus]);
  const wrong = errors.root?.message ?? passkey.error;

  return (
    <AuthLayout
      title="Two-step verification"
      lead={
        recovery
          ? "Enter one of the recovery codes that you kept."
          : "Enter the code that your authenticator app shows."
      }
      footer={
        <Button variant="link" onClick={() => onStartOver(null)}>
          Start over
        </Button>
      }
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {wrong ? <Alert kind="error">{wrong}</Alert> : null}
        <Field label={recovery ? "Recovery code" : "Code"} error={errors.code?.message}>
          {(control) => (
            <CodeInput
              key={String(recovery)}
              recovery={recovery}
              {...control}
              {...register("code")}
            />
          )}
        </Field>
        <Button type="submit" working={formState.isSubmitting && "Checking…"}>
          Log in
        </Button>
        {needed.second_factor.includes("passkey") && passkeysWork() ? (
          <Button variant="secondary" working={passkey.working} onClick={passkey.use}>
            <KeyRound aria-hidden /> Use a passkey
          </Button>
        ) : null}
        <Button variant="link" className="justify-self-center" onClick={swap}>
          {recovery ? "Use the authenticator app" : "Use a recovery code"}
        </Button>
      </form>
    </AuthLayout>
  );
}

function usePasskeyStep(
  { challenge }: SecondFactor,
  onSignedIn: () => void,
  onStartOver: SecondStepProps["onStartOver"],
) {
  const client = useQueryClient();
  const [working, setWorking] = useState<string | false>(false);
  const [error, setError] = useState<string | null>(null);
  const use = async () => {
    setWorking("Waiting for the passkey…");
    setError(null);
    try {
      begin(client, await finishByPasskey(challenge));
      onSignedIn();
    } catch (reason) {
      if (reason instanceof Problem && reason.code === "challenge_ended")
        onStartOver("That took too long. Log in again.");
      setError(passkeyReason(reason));
    } finally {
      setWorking(false);
    }
  };
  return { use: () => void use(), working, error };
}
