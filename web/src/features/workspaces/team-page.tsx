import { useQueryClient } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { listMembersQueryKey, listTeamsQueryKey } from "@/api/@tanstack/react-query.gen";
import { useUser } from "@/features/accounts/session";
import { usePageTitle } from "@/lib/page-title";
import { useStudioEvent } from "@/lib/studio-events";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { useActingTeam } from "./acting";
import { MembersSection } from "./members-section";

// For those who lead it alone; it stands on the library of forms.
const TeamForm = lazy(() => import("./team-form").then((module) => ({ default: module.TeamForm })));
// At the end of the page and behind a button: their code comes after the page.
const InvitationsSection = lazy(() =>
  import("./invitations-section").then((module) => ({ default: module.InvitationsSection })),
);
const TeamActivity = lazy(() =>
  import("./team-activity").then((module) => ({ default: module.TeamActivity })),
);
const LeaveOrDelete = lazy(() =>
  import("./leave-or-delete").then((module) => ({ default: module.LeaveOrDelete })),
);
const NewTeamDialog = lazy(() =>
  import("./new-team-dialog").then((module) => ({ default: module.NewTeamDialog })),
);

/** Who is in the acting team, who is invited, what it is called, and how it is left. */
export function TeamPage() {
  usePageTitle("Team");
  const team = useActingTeam();
  const user = useUser();
  const client = useQueryClient();
  useStudioEvent("team.changed", ({ id }) => {
    void client.invalidateQueries({ queryKey: listTeamsQueryKey() });
    void client.invalidateQueries({ queryKey: listMembersQueryKey({ path: { id } }) });
  });
  if (!team) return <NoTeam />;
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-10 p-4 sm:p-6 lg:p-8">
      {team.level === "admin" ? (
        <Suspense fallback={<Skeleton className="h-36" />}>
          <TeamForm team={team} />
        </Suspense>
      ) : null}
      <MembersSection team={team} user={user} />
      <Suspense>
        {team.level === "admin" ? (
          <>
            <InvitationsSection team={team} />
            <TeamActivity team={team} />
          </>
        ) : null}
        <LeaveOrDelete team={team} user={user} />
      </Suspense>
    </div>
  );
}

function NoTeam() {
  const [naming, setNaming] = useState(false);
  return (
    <>
      <EmptyState
        icon={Users}
        title="This is your own workspace"
        action={<Button onClick={() => setNaming(true)}>New team</Button>}
      >
        Nobody else sees it. For pictures that several people make and see, create a team and invite
        them.
      </EmptyState>
      {naming ? (
        <Suspense>
          <NewTeamDialog open onOpenChange={setNaming} />
        </Suspense>
      ) : null}
    </>
  );
}
