import { zodResolver } from "@hookform/resolvers/zod";
import { Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { ProviderOut, SignInMethods } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { usePageTitle } from "@/lib/page-title";
import { Problem } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { PasswordInput } from "@/ui/password-input";
import { AuthLayout } from "./auth-layout";
import { type LogInForm, logInForm } from "./fields";
import { passkeysWork } from "./passkey";
import { usePasskeyLogIn } from "./passkey-log-in";
import { ProviderButtons } from "./provider-buttons";
import { ProviderOnly } from "./provider-only";
import { whatToDo } from "./refusals";
import { RestoreOffer } from "./restore-offer";
import { SecondStep } from "./second-step";
import { type SecondFactor, useLogIn } from "./session";

type LogInPageProps = {
  next?: string | undefined;
  /** How people sign in here; absent while the server has not said, when a password will do. */
  methods?: SignInMethods | undefined;
  /** Why a sign-in at a provider ended here, for programs. */
  refused?: string | undefined;
  /** A log-in whose first step was taken elsewhere. */
  begun?: SecondFactor | undefined;
  onSignedIn: () => void;
};

/** Logging in: by password and, where the account asks for one, a second step; or by a passkey alone. */
export function LogInPage({ next, methods, refused, begun, onSignedIn }: LogInPageProps) {
  const [needed, setNeeded] = useState<SecondFactor | null>(begun ?? null);
  const [reason, setReason] = useState<string | null>(refused ? whatToDo(refused) : null);
  if (needed) {
    const startOver = (why: string | null) => {
      setReason(why);
      setNeeded(null);
    };
    return <SecondStep needed={needed} onSignedIn={onSignedIn} onStartOver={startOver} />;
  }
  if (methods?.passwords === false)
    return <ProviderOnly methods={methods} next={next} reason={reason} />;
  const props = { next, reason, onSignedIn, onNeeded: setNeeded };
  return <FirstStep providers={methods?.providers ?? []} {...props} />;
}

type FirstStepProps = {
  providers: readonly ProviderOut[];
  next: string | undefined;
  /** Why someone who had come further is here again. */
  reason: string | null;
  onSignedIn: () => void;
  onNeeded: (needed: SecondFactor) => void;
};

function FirstStep({ providers, next, reason, onSignedIn, onNeeded }: FirstStepProps) {
  usePageTitle("Log in");
  const passkey = usePasskeyLogIn(onSignedIn);
  const logIn = useLogIn();
  const [closed, setClosed] = useState<LogInForm | null>(null);
  const { register, handleSubmit, setError, formState } = useForm<LogInForm>({
    resolver: zodResolver(logInForm),
    defaultValues: { email: "", password: "" },
  });
  const { errors } = formState;
  const wrong = errors.root?.message ?? passkey.error ?? reason;
  const submit = handleSubmit((values) =>
    logIn.mutateAsync({ body: values }).then(
      (answer) => ("user" in answer ? onSignedIn() : onNeeded(answer)),
      (error) =>
        error instanceof Problem && error.code === "account_closed"
          ? setClosed(values)
          : showProblem(error, ["email", "password"], setError),
    ),
  );

  return (
    <AuthLayout
      title="Welcome back"
      lead="Log in to go on where you left off."
      footer={
        <>
          New here?{" "}
          <Link to="/sign-up" search={{ next }} className={buttonVariants({ variant: "link" })}>
            Create an account
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {wrong ? <Alert kind="error">{wrong}</Alert> : null}
        <ProviderButtons providers={providers} next={next} divided />
        {closed ? (
          <RestoreOffer
            values={closed}
            onRestored={() => {
              setClosed(null);
              void submit();
            }}
          />
        ) : null}
        <Field label="E-mail" error={errors.email?.message}>
          {(control) => (
            <Input
              {...control}
              {...register("email")}
              type="email"
              autoComplete="username webauthn"
            />
          )}
        </Field>
        <Field
          label="Password"
          error={errors.password?.message}
          aside={
            <Link to="/forgot-password" className={buttonVariants({ variant: "link", size: "sm" })}>
              Forgot it?
            </Link>
          }
        >
          {(control) => (
            <PasswordInput {...control} {...register("password")} autoComplete="current-password" />
          )}
        </Field>
        <Button type="submit" working={formState.isSubmitting && "Logging in…"}>
          Log in
        </Button>
        {passkeysWork() ? (
          <Button variant="secondary" working={passkey.working} onClick={passkey.use}>
            <KeyRound aria-hidden /> Sign in with a passkey
          </Button>
        ) : null}
      </form>
    </AuthLayout>
  );
}
