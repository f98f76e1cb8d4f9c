/** The workspace that this page acts in, and what one may do there. */
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { listTeamsOptions } from "@/api/@tanstack/react-query.gen";
import type { TeamOut } from "@/api/types.gen";
import { actingId } from "@/lib/workspace";

export const teamsQuery = () => ({ ...listTeamsOptions(), staleTime: 60_000 });

/** Makes sure that the level in a team is known before its pages are drawn. */
export async function findTeams(client: QueryClient): Promise<void> {
  if (actingId()) await client.ensureQueryData(teamsQuery());
}

/** The acting team; null in the personal workspace. */
export function useActingTeam(): TeamOut | null {
  const id = actingId();
  const { data } = useQuery({ ...teamsQuery(), enabled: id !== undefined });
  return data?.items.find((team) => team.id === id) ?? null;
}

/** Whether one may make and change things here: not with the level "view". */
export function useMayChange(): boolean {
  return useActingTeam()?.level !== "view";
}
