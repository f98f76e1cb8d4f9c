/** The password once more, where the log-in is not fresh enough for what is to be changed. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { FieldPath, FieldValues, UseFormRegister, UseFormSetError } from "react-hook-form";
import { secondFactorQueryKey } from "@/api/@tanstack/react-query.gen";
import type { SecondFactorOut } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { Problem } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Field } from "@/ui/field";
import { PasswordInput } from "@/ui/password-input";

type ProofFieldProps<Values extends FieldValues> = {
  status: SecondFactorOut;
  name: FieldPath<Values>;
  register: UseFormRegister<Values>;
  error: string | undefined;
};

export function ProofField<Values extends FieldValues>(props: ProofFieldProps<Values>) {
  const { status, name, register, error } = props;
  if (status.fresh) return null;
  if (!status.has_password) {
    return (
      <Alert kind="warning">
        Your log-in is too long ago for this. Log out, log in again, and come back within ten
        minutes.
      </Alert>
    );
  }
  return (
    <Field label="Your password" error={error}>
      {(control) => (
        <PasswordInput {...control} {...register(name)} autoComplete="current-password" />
      )}
    </Field>
  );
}

/** Shows what went wrong; where the log-in has aged meanwhile, the field for the password comes up. */
export function useShowRefusal() {
  const client = useQueryClient();
  return <Values extends FieldValues>(
    error: unknown,
    names: readonly FieldPath<Values>[],
    setError: UseFormSetError<Values>,
  ) => {
    if (error instanceof Problem && error.code === "proof_needed") void refreshSecurity(client);
    showProblem(error, names, setError);
  };
}

/** Asks anew how the account is protected. */
export function refreshSecurity(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: secondFactorQueryKey() });
}
