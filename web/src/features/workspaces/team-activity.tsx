import { useInfiniteQuery } from "@tanstack/react-query";
import { listTeamAudit } from "@/api/sdk.gen";
import type { AuditEntry, TeamOut } from "@/api/types.gen";
import { AuditList } from "@/features/accounts/audit-list";
import { useStudioEvent } from "@/lib/studio-events";
import { Card } from "@/ui/card";
import { LEVELS, TEAM_AUDIT } from "./levels";

/** What happened to the team and its members, for its admins. */
export function TeamActivity({ team }: { team: TeamOut }) {
  const list = useInfiniteQuery({
    queryKey: [TEAM_AUDIT, team.id],
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await listTeamAudit({
        path: { id: team.id },
        query: { limit: 10, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
        throwOnError: true,
      });
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
  useStudioEvent("team.changed", () => void list.refetch());
  return (
    <section aria-labelledby="team-activity" className="grid gap-4">
      <h2 id="team-activity" className="text-lg">
        Activity
      </h2>
      <p className="text-sm text-muted-foreground">
        Who came, who went, and what was changed for whom. Only admins of the team see it.
      </p>
      <Card className="p-4 sm:p-6">
        <AuditList list={list} about={whom} empty="Nothing has happened yet." />
      </Card>
    </section>
  );
}

/** Whom it was about, what it came to, and who did it where that was someone else. */
function whom({ user, actor, details }: AuditEntry) {
  const about = user?.email ?? (typeof details.email === "string" ? details.email : "");
  const level = LEVELS.find(({ value }) => value === details.level);
  const name = typeof details.name === "string" ? details.name : "";
  const by = actor && actor.id !== user?.id ? `by ${actor.email}` : "";
  return [about, level?.label, name, by].filter(Boolean).join(" · ");
}
