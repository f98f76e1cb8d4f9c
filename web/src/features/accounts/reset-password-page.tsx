import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { resetPasswordMutation } from "@/api/@tanstack/react-query.gen";
import { showProblem } from "@/lib/form-errors";
import { usePageTitle } from "@/lib/page-title";
import { Problem } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Field } from "@/ui/field";
import { PasswordInput } from "@/ui/password-input";
import { AuthLayout } from "./auth-layout";
import { type ResetForm, resetForm } from "./fields";

type ResetPasswordPageProps = { userId?: string | undefined; token?: string | undefined };

/** Where the mailed link leads: a new password in place of the forgotten one. */
export function ResetPasswordPage({ userId = "", token = "" }: ResetPasswordPageProps) {
  usePageTitle("New password");
  const client = useQueryClient();
  const reset = useMutation(resetPasswordMutation());
  const { register, handleSubmit, setError, formState } = useForm<ResetForm>({
    resolver: zodResolver(resetForm),
    defaultValues: { new_password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ new_password }) =>
    reset.mutateAsync({ body: { user_id: userId, token, new_password } }).then(
      () => client.clear(),
      (error) => showProblem(error, ["new_password"], setError),
    ),
  );
  const useless =
    !userId ||
    !token ||
    (reset.error instanceof Problem &&
      (reset.error.code === "bad_mail_token" ||
        reset.error.fields.some(({ field }) => field !== "new_password")));
  return (
    <AuthLayout
      title={reset.isSuccess ? "Password changed" : "Choose a new password"}
      lead={
        reset.isSuccess
          ? "All devices were logged out. Log in with the new one."
          : "It takes the place of the one that you forgot."
      }
      footer={
        <Link to="/log-in" className={buttonVariants({ variant: "link" })}>
          {reset.isSuccess ? "Log in" : "Back to the log-in"}
        </Link>
      }
    >
      {reset.isSuccess ? (
        <Alert kind="success">Your new password is in place.</Alert>
      ) : useless ? (
        <Alert
          kind="error"
          title="This link is not good any more"
          action={
            <Link
              to="/forgot-password"
              className={buttonVariants({ variant: "secondary", size: "sm" })}
            >
              Ask for a new link
            </Link>
          }
        >
          It was used before, is older than an hour, or was cut off on its way.
        </Alert>
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          <Field
            label="New password"
            error={errors.new_password?.message}
            help={errors.new_password ? undefined : "At least 8 characters."}
          >
            {(control) => (
              <PasswordInput
                {...control}
                {...register("new_password")}
                autoComplete="new-password"
              />
            )}
          </Field>
          <Button type="submit" working={formState.isSubmitting && "Changing…"}>
            Change password
          </Button>
        </form>
      )}
    </AuthLayout>
  );
}
