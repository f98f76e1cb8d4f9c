import { useInfiniteQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { listAudit } from "@/api/sdk.gen";
import type { AuditEntry } from "@/api/types.gen";
import { AuditList } from "@/features/accounts/audit-list";
import { usePageTitle } from "@/lib/page-title";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { type AuditSearch, momentOf, readAuditSearch } from "./audit-search";

type AuditPageProps = { search: AuditSearch; onSearch: (search: AuditSearch) => void };

/** What happened in the studio that matters to security, for administrators. */
export function AuditPage({ search, onSearch }: AuditPageProps) {
  usePageTitle("Audit log");
  const list = useInfiniteQuery({
    queryKey: ["audit", search],
    queryFn: async ({ pageParam, signal }) => {
      const from = momentOf(search.from, false);
      const to = momentOf(search.to, true);
      const query = {
        limit: 50,
        ...(search.user ? { user: search.user } : {}),
        ...(search.action ? { action: search.action } : {}),
        ...(from ? { created_from: from } : {}),
        ...(to ? { created_to: to } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const { data } = await listAudit({ query, signal, throwOnError: true });
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSearch(readAuditSearch(Object.fromEntries(new FormData(event.currentTarget))));
  };
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 p-4 sm:p-6 lg:p-8">
      <form
        key={JSON.stringify(search)}
        onSubmit={submit}
        aria-label="Search the audit log"
        className="grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-4"
      >
        <Field label="Account">
          {(control) => (
            <Input {...control} name="user" defaultValue={search.user} placeholder="E-mail or id" />
          )}
        </Field>
        <Field label="Action">
          {(control) => (
            <Input
              {...control}
              name="action"
              defaultValue={search.action}
              placeholder="session, log_in.failed"
            />
          )}
        </Field>
        <Field label="From">
          {(control) => <Input {...control} name="from" type="date" defaultValue={search.from} />}
        </Field>
        <Field label="To">
          {(control) => <Input {...control} name="to" type="date" defaultValue={search.to} />}
        </Field>
        <div className="flex gap-2 sm:col-span-2 lg:col-span-4">
          <Button type="submit">Search</Button>
          {Object.keys(search).length > 0 ? (
            <Button variant="secondary" onClick={() => onSearch({})}>
              Clear
            </Button>
          ) : null}
        </div>
      </form>
      <Card className="p-4 sm:p-6">
        <AuditList list={list} about={whom} empty="Nothing in the log matches." />
      </Card>
    </div>
  );
}

/** Whose account it was, and who did it where that was someone else. */
function whom({ user, actor, actor_kind, action }: AuditEntry) {
  const account = user?.email ?? (action === "log_in.failed" ? "no such account" : "");
  const by =
    actor_kind === "system"
      ? "by the studio"
      : actor && actor.id !== user?.id
        ? `by ${actor.email}`
        : "";
  return [account, by, action].filter(Boolean).join(" · ");
}
