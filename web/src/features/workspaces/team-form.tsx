import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { listTeamsQueryKey, updateTeamMutation } from "@/api/@tanstack/react-query.gen";
import type { TeamOut } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";

export function TeamForm({ team }: { team: TeamOut }) {
  const client = useQueryClient();
  const save = useMutation(updateTeamMutation());
  const { register, handleSubmit, setError, formState } = useForm({ values: { name: team.name } });
  const { errors } = formState;
  const submit = handleSubmit((body) =>
    save.mutateAsync({ path: { id: team.id }, body }).then(
      async () => {
        await client.invalidateQueries({ queryKey: listTeamsQueryKey() });
        notify({ kind: "success", title: "Name saved" });
      },
      (error) => showProblem(error, ["name"], setError),
    ),
  );
  return (
    <form onSubmit={submit} noValidate className="grid max-w-md gap-4">
      {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
      <Field label="Team name" error={errors.name?.message}>
        {(control) => (
          <Input
            {...control}
            {...register("name", { required: "Enter a name." })}
            autoComplete="off"
          />
        )}
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
