import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { forgotPasswordMutation, signInOptionsOptions } from "@/api/@tanstack/react-query.gen";
import { showProblem } from "@/lib/form-errors";
import { usePageTitle } from "@/lib/page-title";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { AuthLayout } from "./auth-layout";
import { type ForgotForm, forgotForm } from "./fields";

/** For who forgot the password: asks for a link by mail. */
export function ForgotPasswordPage() {
  usePageTitle("Forgot password");
  const options = useQuery({ ...signInOptionsOptions(), staleTime: Number.POSITIVE_INFINITY });
  const forgot = useMutation(forgotPasswordMutation());
  const { register, handleSubmit, setError, getValues, formState } = useForm<ForgotForm>({
    resolver: zodResolver(forgotForm),
    defaultValues: { email: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit((body) =>
    forgot.mutateAsync({ body }).catch((error) => showProblem(error, ["email"], setError)),
  );
  const byHand = options.data?.mail === false;
  return (
    <AuthLayout
      title={forgot.isSuccess ? "Look into your mail" : "Forgot your password?"}
      lead={
        forgot.isSuccess
          ? "The link is good for one hour."
          : "Choose a new one by a link that we mail to you."
      }
      footer={
        <Link to="/log-in" className={buttonVariants({ variant: "link" })}>
          Back to the log-in
        </Link>
      }
    >
      {forgot.isSuccess ? (
        <Alert kind={byHand ? "warning" : "success"}>
          {byHand
            ? "This studio sends no mail. Ask whoever runs it for the link: it waits in their outbox."
            : `If ${getValues("email")} has an account, a mail with a link is on its way. Look into the spam folder too.`}
        </Alert>
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          {byHand ? (
            <Alert kind="warning">
              This studio sends no mail. Whoever runs it finds the link in their outbox and can hand
              it to you.
            </Alert>
          ) : null}
          <Field label="E-mail" error={errors.email?.message}>
            {(control) => (
              <Input {...control} {...register("email")} type="email" autoComplete="username" />
            )}
          </Field>
          <Button type="submit" working={formState.isSubmitting && "Asking…"}>
            {byHand ? "Ask for the link" : "Mail me the link"}
          </Button>
        </form>
      )}
    </AuthLayout>
  );
}
