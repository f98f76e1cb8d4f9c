import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import {
  inviteMemberMutation,
  listInvitationsOptions,
  revokeInvitationMutation,
} from "@/api/@tanstack/react-query.gen";
import type { InvitationMade, InvitationOut, TeamOut } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { formatDateTime } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { Select } from "@/ui/select";
import { LEVELS, type Level, labelOf, meaningOf, TEAM_AUDIT } from "./levels";

type InviteForm = { email: string; level: Level };

/** Inviting by mail, and the invitations that wait. */
export function InvitationsSection({ team }: { team: TeamOut }) {
  const path = { id: team.id };
  const list = useQuery({ ...listInvitationsOptions({ path }), staleTime: 0 });
  const invite = useMutation(inviteMemberMutation());
  const revoke = useMutation(revokeInvitationMutation());
  const [made, setMade] = useState<InvitationMade | null>(null);
  const { register, control, handleSubmit, setError, reset, watch, formState } =
    useForm<InviteForm>({
      defaultValues: { email: "", level: "edit" },
    });
  const { errors } = formState;
  const client = useQueryClient();
  const changed = () => {
    void list.refetch();
    void client.invalidateQueries({ queryKey: [TEAM_AUDIT] });
  };
  const submit = handleSubmit((body) =>
    invite.mutateAsync({ path, body }).then(
      (invitation) => {
        setMade(invitation);
        reset({ email: "", level: body.level });
        changed();
      },
      (error) => showProblem(error, ["email", "level"], setError),
    ),
  );
  const end = ({ id, email }: InvitationOut) =>
    revoke.mutate(
      { path: { ...path, invitation_id: id } },
      {
        onSuccess: () => {
          if (made?.id === id) setMade(null);
          notify({ kind: "success", title: `The invitation of ${email} is revoked` });
          changed();
        },
        onError: (error) =>
          notify({ kind: "error", title: "It was not revoked", description: reasonOf(error) }),
      },
    );
  return (
    <section aria-labelledby="invitations" className="grid gap-4">
      <h2 id="invitations" className="text-lg">
        Invite someone
      </h2>
      <form
        onSubmit={submit}
        noValidate
        className="grid items-start gap-4 sm:grid-cols-[1fr_10rem_auto]"
      >
        <Field label="E-mail" error={errors.email?.message}>
          {(field) => (
            <Input
              {...field}
              {...register("email", { required: "Enter an e-mail address." })}
              type="email"
              autoComplete="off"
            />
          )}
        </Field>
        <Field label="Level">
          {(field) => (
            <Controller
              control={control}
              name="level"
              render={({ field: { value, onChange } }) => (
                <Select {...field} options={LEVELS} value={value} onChange={onChange} />
              )}
            />
          )}
        </Field>
        <Button type="submit" className="sm:mt-6.5" working={formState.isSubmitting && "Inviting…"}>
          Invite
        </Button>
      </form>
      <p className="text-sm text-muted-foreground">
        {labelOf(watch("level"))}: {meaningOf(watch("level"))}.
      </p>
      {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
      {made ? (
        <Alert kind="success" title={`${made.email} is invited`}>
          The link was mailed. You can also hand it over yourself; it is good once and not shown
          again.
          <span className="mt-2 flex items-center gap-2">
            <Input
              readOnly
              aria-label="Invitation link"
              value={made.link}
              className="min-w-0 flex-1"
            />
            <CopyButton text={made.link} label="Copy the link" />
          </span>
        </Alert>
      ) : null}
      {list.isError ? <Alert kind="error">{reasonOf(list.error)}</Alert> : null}
      {list.data && list.data.items.length > 0 ? (
        <Card>
          <ul aria-label="Invitations that wait" className="divide-y">
            {list.data.items.map((invitation) => (
              <li key={invitation.id} className="flex flex-wrap items-center gap-3 p-4">
                <div className="min-w-0 flex-1 basis-48">
                  <p className="font-medium wrap-anywhere">{invitation.email}</p>
                  <p className="text-sm text-muted-foreground">
                    {labelOf(invitation.level)}, until {formatDateTime(invitation.expires_at)}
                  </p>
                </div>
                <Button
                  size="sm"
                  variant="secondary"
                  aria-label={`Revoke the invitation of ${invitation.email}`}
                  onClick={() => end(invitation)}
                >
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </section>
  );
}
