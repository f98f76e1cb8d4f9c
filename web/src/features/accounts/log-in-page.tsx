import { zodResolver } from "@hookform/resolvers/zod";
import { Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { showProblem } from "@/lib/form-errors";
import { usePageTitle } from "@/lib/page-title";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { PasswordInput } from "@/ui/password-input";
import { AuthLayout } from "./auth-layout";
import { type LogInForm, logInForm } from "./fields";
import { useLogIn } from "./session";

type LogInPageProps = { next?: string | undefined; onSignedIn: () => void };

export function LogInPage({ next, onSignedIn }: LogInPageProps) {
  usePageTitle("Log in");
  const logIn = useLogIn();
  const { register, handleSubmit, setError, formState } = useForm<LogInForm>({
    resolver: zodResolver(logInForm),
    defaultValues: { email: "", password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit((values) =>
    logIn
      .mutateAsync({ body: values })
      .then(onSignedIn, (error) => showProblem(error, ["email", "password"], setError)),
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
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <Field label="E-mail" error={errors.email?.message}>
          {(control) => (
            <Input {...control} {...register("email")} type="email" autoComplete="username" />
          )}
        </Field>
        <Field label="Password" error={errors.password?.message}>
          {(control) => (
            <PasswordInput {...control} {...register("password")} autoComplete="current-password" />
          )}
        </Field>
        <Button type="submit" working={formState.isSubmitting && "Logging in…"}>
          Log in
        </Button>
      </form>
    </AuthLayout>
  );
}
