import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { deleteTeamMutation, leaveTeamMutation } from "@/api/@tanstack/react-query.gen";
import type { TeamOut, UserOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { addressIn, PERSONAL } from "@/lib/workspace";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";

const home = () => location.assign(addressIn(PERSONAL));

/** How one gets out of a team: members leave, the owner deletes it. */
export function LeaveOrDelete({ team, user }: { team: TeamOut; user: UserOut }) {
  return (
    <section aria-labelledby="leave" className="rounded-xl border border-destructive/40 p-5">
      <h2 id="leave" className="text-lg">
        {team.owner.id === user.id ? "Delete the team" : "Leave the team"}
      </h2>
      {team.owner.id === user.id ? <Delete team={team} /> : <Leave team={team} />}
    </section>
  );
}

function Leave({ team }: { team: TeamOut }) {
  const [open, setOpen] = useState(false);
  const leave = useMutation(leaveTeamMutation());
  const go = () =>
    leave.mutate(
      { path: { id: team.id } },
      {
        onSuccess: home,
        onError: (error) => {
          setOpen(false);
          notify({ kind: "error", title: "You are still a member", description: reasonOf(error) });
        },
      },
    );
  return (
    <>
      <p className="mt-1 mb-4 text-sm text-muted-foreground">
        What you made here stays the team's, and your API keys to it end.
      </p>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Leave {team.name}
      </Button>
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title={`Leave ${team.name}?`}
        action="Leave"
        working={leave.isPending && "Leaving…"}
        onConfirm={go}
      >
        You see nothing of it any more until someone invites you again.
      </Confirm>
    </>
  );
}

function Delete({ team }: { team: TeamOut }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const remove = useMutation(deleteTeamMutation());
  return (
    <>
      <p className="mt-1 mb-4 text-sm text-muted-foreground">
        With all of its pictures, for all of its members. To leave it to someone else, make them the
        owner first.
      </p>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Delete {team.name}…
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title={`Delete ${team.name}?`}
          description="All of the team's pictures, its history and its settings are deleted at once and for good. They do not go to the trash, and nobody can bring them back."
        >
          <form
            className="grid gap-5"
            onSubmit={(event) => {
              event.preventDefault();
              remove.mutate({ path: { id: team.id }, body: { name } }, { onSuccess: home });
            }}
          >
            {remove.isError ? <Alert kind="error">{reasonOf(remove.error)}</Alert> : null}
            <Field label={`Type “${team.name}” to confirm`}>
              {(control) => (
                <Input
                  {...control}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                  autoComplete="off"
                />
              )}
            </Field>
            <Button
              type="submit"
              variant="danger"
              className="justify-self-end"
              disabled={name.trim() !== team.name}
              working={remove.isPending && "Deleting…"}
            >
              Delete the team and its pictures
            </Button>
          </form>
        </DialogContent>
      </Dialog>
    </>
  );
}
