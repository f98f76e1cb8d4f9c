import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { updateProfileMutation } from "@/api/@tanstack/react-query.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/password-input";
import { useSendAgain } from "./send-again";
import { sessionQuery, useUser } from "./session";
import { emailForm, type EmailForm as Values } from "./settings-fields";

/** The address to log in with; another one takes effect when it is confirmed. */
export function EmailForm() {
  const user = useUser();
  const client = useQueryClient();
  const save = useMutation(updateProfileMutation());
  const { register, handleSubmit, setError, reset, formState } = useForm<Values>({
    resolver: zodResolver(emailForm),
    defaultValues: { email: "", current_password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit((body) =>
    save.mutateAsync({ body }).then(
      (changed) => {
        client.setQueryData(sessionQuery.queryKey, changed);
        reset();
        notify(
          changed.pending_email
            ? {
                kind: "success",
                title: "Confirm the new address",
                description: `Open the link in the mail to ${changed.pending_email}.`,
              }
            : { kind: "success", title: "Your address stays as it is" },
        );
      },
      (error) => showProblem(error, ["email", "current_password"], setError),
    ),
  );
  return (
    <form onSubmit={submit} noValidate className="grid max-w-md gap-5">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium wrap-anywhere">{user.email}</span>
        <Badge kind={user.email_verified ? "success" : "warning"}>
          {user.email_verified ? "Confirmed" : "Not confirmed"}
        </Badge>
      </p>
      {user.pending_email ? <Pending email={user.pending_email} /> : null}
      {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
      <Field
        label="New e-mail address"
        error={errors.email?.message}
        help={
          errors.email ? undefined : "The account keeps the present one until this is confirmed."
        }
      >
        {(control) => (
          <Input {...control} {...register("email")} type="email" autoComplete="email" />
        )}
      </Field>
      <Field label="Your password" error={errors.current_password?.message}>
        {(control) => (
          <PasswordInput
            {...control}
            {...register("current_password")}
            autoComplete="current-password"
          />
        )}
      </Field>
      <Button
        type="submit"
        className="justify-self-start"
        working={formState.isSubmitting && "Changing…"}
      >
        Change address
      </Button>
    </form>
  );
}

function Pending({ email }: { email: string }) {
  const { send, sending } = useSendAgain(email);
  return (
    <Alert
      kind="warning"
      title={`${email} waits to be confirmed`}
      action={
        <Button size="sm" variant="secondary" working={sending && "Sending…"} onClick={send}>
          Send again
        </Button>
      }
    >
      Open the link in the mail that was sent there. To keep the present address, enter it below.
    </Alert>
  );
}
