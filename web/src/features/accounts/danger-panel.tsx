import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";
import { deleteAccountMutation } from "@/api/@tanstack/react-query.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { PasswordInput } from "@/ui/password-input";
import { useUser } from "./session";
import { TakeOutSection } from "./take-out-section";

/** Taking everything along, and deleting the account. */
export function DangerPanel() {
  return (
    <div className="grid gap-6">
      <TakeOutSection />
      <DeleteSection />
    </div>
  );
}

function DeleteSection() {
  const id = useId();
  const { email } = useUser();
  const remove = useMutation(deleteAccountMutation());
  const form = z.object({
    email: z
      .string()
      .check(z.refine((typed) => typed === email, "Type your e-mail as it is above.")),
    password: z.string(),
  });
  const { register, handleSubmit, setError, formState } = useForm<z.infer<typeof form>>({
    resolver: zodResolver(form),
    defaultValues: { email: "", password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ password }) =>
    remove.mutateAsync({ body: { password: password || null } }).then(
      () => location.assign("/app/log-in"),
      (error) => showProblem(error, ["password"], setError),
    ),
  );
  return (
    <section aria-labelledby={id}>
      <Card className="grid gap-5 border-destructive/40 p-4 sm:p-6">
        <div>
          <h2 id={id} className="text-lg">
            Delete account
          </h2>
          <ul className="mt-2 grid list-disc gap-1 pl-5 text-sm text-muted-foreground">
            <li>
              At once: you are logged out everywhere, API keys end, what is running is cancelled.
            </li>
            <li>For some days (seven unless this studio says otherwise): log in to restore it.</li>
            <li>Then: every picture, record and file of yours is gone for good.</li>
            <li>Teams that you own go to another member, with what was made in them.</li>
          </ul>
        </div>
        <form onSubmit={submit} noValidate className="grid max-w-md gap-5">
          {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
          <Field label={`Type ${email} to confirm`} error={errors.email?.message}>
            {(control) => <Input {...control} {...register("email")} autoComplete="off" />}
          </Field>
          <Field
            label="Your password"
            error={errors.password?.message}
            help={errors.password ? undefined : "Leave it empty if your account has none."}
          >
            {(control) => (
              <PasswordInput
                {...control}
                {...register("password")}
                autoComplete="current-password"
              />
            )}
          </Field>
          <Button
            type="submit"
            variant="danger"
            className="justify-self-start"
            working={formState.isSubmitting && "Deleting…"}
          >
            Delete my account
          </Button>
        </form>
      </Card>
    </section>
  );
}
