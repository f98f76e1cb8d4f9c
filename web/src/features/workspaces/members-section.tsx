import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  listMembersOptions,
  listTeamsQueryKey,
  removeMemberMutation,
  setMemberLevelMutation,
  transferTeamMutation,
} from "@/api/@tanstack/react-query.gen";
import type { MemberOut, TeamOut, UserOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { notify } from "@/ui/notify";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { LEVELS, type Level, labelOf, TEAM_AUDIT } from "./levels";

type Question = { kind: "remove" | "transfer"; member: MemberOut };

/** The members of a team; admins give levels and take people out, the owner hands the team over. */
export function MembersSection({ team, user }: { team: TeamOut; user: UserOut }) {
  const path = { id: team.id };
  const client = useQueryClient();
  const list = useQuery({ ...listMembersOptions({ path }), staleTime: 0 });
  const level = useMutation(setMemberLevelMutation());
  const remove = useMutation(removeMemberMutation());
  const transfer = useMutation(transferTeamMutation());
  const [question, ask] = useState<Question | null>(null);
  const leads = team.level === "admin";
  const owns = team.owner.id === user.id;

  const listeners = (title: string) => ({
    onSuccess: async () => {
      ask(null);
      notify({ kind: "success", title });
      void client.invalidateQueries({ queryKey: [TEAM_AUDIT] });
      await client.invalidateQueries({ queryKey: listTeamsQueryKey() });
      await list.refetch();
    },
    onError: (error: unknown) => {
      ask(null);
      notify({ kind: "error", title: "Nothing was changed", description: reasonOf(error) });
      void list.refetch();
    },
  });
  const give = ({ user: { id, name } }: MemberOut, wanted: Level) =>
    level.mutate(
      { path: { ...path, user_id: id }, body: { level: wanted } },
      listeners(`${name}: ${labelOf(wanted)}`),
    );
  const confirm = () => {
    if (!question) return;
    const { id, name } = question.member.user;
    if (question.kind === "remove")
      remove.mutate({ path: { ...path, user_id: id } }, listeners(`${name} is no member any more`));
    else transfer.mutate({ path, body: { user_id: id } }, listeners(`${name} owns the team now`));
  };

  return (
    <section aria-labelledby="members">
      <h2 id="members" className="text-lg">
        Members
      </h2>
      {list.isPending ? (
        <Skeleton className="mt-4 h-40 rounded-xl" />
      ) : list.data ? (
        <Card className="mt-4">
          <ul className="divide-y">
            {list.data.items.map((member) => (
              <li key={member.user.id} className="flex flex-wrap items-center gap-3 p-4">
                <div className="min-w-0 flex-1 basis-48">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    <span className="wrap-anywhere">{member.user.name}</span>
                    {member.owner ? <Badge kind="primary">Owner</Badge> : null}
                    {member.user.id === user.id ? <Badge>You</Badge> : null}
                  </p>
                  <p className="text-sm wrap-anywhere text-muted-foreground">{member.user.email}</p>
                </div>
                {leads && !member.owner ? (
                  <Select
                    aria-label={`Level of ${member.user.name}`}
                    className="w-36"
                    options={LEVELS}
                    value={member.level}
                    onChange={(wanted) => give(member, wanted)}
                  />
                ) : (
                  <span className="text-sm text-muted-foreground">{labelOf(member.level)}</span>
                )}
                {owns && !member.owner ? (
                  <Button
                    size="sm"
                    variant="ghost"
                    onClick={() => ask({ kind: "transfer", member })}
                  >
                    Make owner
                  </Button>
                ) : null}
                {leads && !member.owner && member.user.id !== user.id ? (
                  <Button
                    size="sm"
                    variant="secondary"
                    aria-label={`Remove ${member.user.name}`}
                    onClick={() => ask({ kind: "remove", member })}
                  >
                    Remove
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </Card>
      ) : (
        <Alert
          kind="error"
          title="The members could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(list.error)}
        </Alert>
      )}
      <Confirm
        open={question !== null}
        onOpenChange={(open) => (open ? undefined : ask(null))}
        title={
          question?.kind === "transfer"
            ? `Make ${question.member.user.name} the owner?`
            : `Remove ${question?.member.user.name}?`
        }
        action={question?.kind === "transfer" ? "Make owner" : "Remove"}
        working={(remove.isPending || transfer.isPending) && "Working…"}
        onConfirm={confirm}
      >
        {question?.kind === "transfer"
          ? "The owner alone may delete the team or hand it on. You stay in it as an admin."
          : "They see nothing of the team any more, and their API keys to it end. What they made stays."}
      </Confirm>
    </section>
  );
}
