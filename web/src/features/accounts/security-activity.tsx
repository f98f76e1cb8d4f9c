import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { listMyAudit } from "@/api/sdk.gen";
import { AuditList } from "./audit-list";
import { SettingsSection } from "./settings-section";

const myAudit = infiniteQueryOptions({
  queryKey: ["my-audit"],
  queryFn: async ({ pageParam, signal }) => {
    const query = { limit: 10, ...(pageParam ? { cursor: pageParam } : {}) };
    const { data } = await listMyAudit({ query, signal, throwOnError: true });
    return data;
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
  staleTime: 0,
});

/** What happened to the account lately that matters to its security. */
export function SecurityActivity() {
  const list = useInfiniteQuery(myAudit);
  return (
    <SettingsSection
      title="Recent security activity"
      lead="What you do not recognise was not you: log out that device and change your password."
    >
      <AuditList list={list} empty="Nothing has happened yet." />
    </SettingsSection>
  );
}
