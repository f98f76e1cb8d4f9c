import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import {
  changePasswordMutation,
  listSessionsQueryKey,
  updateProfileMutation,
} from "@/api/@tanstack/react-query.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/password-input";
import { AvatarField } from "./avatar-field";
import { EmailForm } from "./email-form";
import { sessionQuery, useUser } from "./session";
import { type NameForm, nameForm, type PasswordForm, passwordForm } from "./settings-fields";
import { SettingsSection } from "./settings-section";

/** The name that others see, the address and the password. */
export function AccountPanel() {
  return (
    <div className="grid gap-6">
      <SettingsSection title="Profile" lead="What others see of you.">
        <AvatarField />
        <ProfileForm />
      </SettingsSection>
      <SettingsSection
        title="E-mail"
        lead="You log in with it, and mail about your account goes there."
      >
        <EmailForm />
      </SettingsSection>
      <SettingsSection
        title="Password"
        lead="A new password logs out all other devices; this one stays logged in."
      >
        <ChangePasswordForm />
      </SettingsSection>
    </div>
  );
}

const formStyle = "grid max-w-md gap-5";

function ProfileForm() {
  const user = useUser();
  const client = useQueryClient();
  const save = useMutation(updateProfileMutation());
  const { register, handleSubmit, setError, reset, formState } = useForm<NameForm>({
    resolver: zodResolver(nameForm),
    defaultValues: { name: user.name },
  });
  const { errors } = formState;
  const submit = handleSubmit((body) =>
    save.mutateAsync({ body }).then(
      (changed) => {
        client.setQueryData(sessionQuery.queryKey, changed);
        reset({ name: changed.name });
        notify({ kind: "success", title: "Name saved" });
      },
      (error) => showProblem(error, ["name"], setError),
    ),
  );
  return (
    <form onSubmit={submit} noValidate className={formStyle}>
      {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
      <Field label="Name" error={errors.name?.message}>
        {(control) => <Input {...control} {...register("name")} autoComplete="name" />}
      </Field>
      <Button
        type="submit"
        className="justify-self-start"
        working={formState.isSubmitting && "Saving…"}
      >
        Save name
      </Button>
    </form>
  );
}

function ChangePasswordForm() {
  const { email } = useUser();
  const client = useQueryClient();
  const change = useMutation(changePasswordMutation());
  const { register, handleSubmit, setError, reset, formState } = useForm<PasswordForm>({
    resolver: zodResolver(passwordForm),
    defaultValues: { current_password: "", new_password: "" },
  });
  const { errors } = formState;
  const submit = handleSubmit((body) =>
    change.mutateAsync({ body }).then(
      () => {
        reset();
        void client.invalidateQueries({ queryKey: listSessionsQueryKey() });
        notify({
          kind: "success",
          title: "Password changed",
          description: "All other devices are logged out.",
        });
      },
      (error) => showProblem(error, ["current_password", "new_password"], setError),
    ),
  );
  return (
    <form onSubmit={submit} noValidate className={formStyle}>
      {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
      {/* Tells password managers whose password it is. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <Field label="Current password" error={errors.current_password?.message}>
        {(control) => (
          <PasswordInput
            {...control}
            {...register("current_password")}
            autoComplete="current-password"
          />
        )}
      </Field>
      <Field
        label="New password"
        error={errors.new_password?.message}
        help={errors.new_password ? undefined : "At least 8 characters."}
      >
        {(control) => (
          <PasswordInput {...control} {...register("new_password")} autoComplete="new-password" />
        )}
      </Field>
      <Button
        type="submit"
        className="justify-self-start"
        working={formState.isSubmitting && "Changing…"}
      >
        Change password
      </Button>
    </form>
  );
}
