import { useInfiniteQuery } from "@tanstack/react-query";
import { Mailbox } from "lucide-react";
import { useState } from "react";
import { listOutboxQueryKey } from "@/api/@tanstack/react-query.gen";
import { listOutbox } from "@/api/sdk.gen";
import type { MailOut } from "@/api/types.gen";
import { formatAgo, formatDateTime } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ShowMore } from "@/ui/show-more";
import { Skeleton } from "@/ui/skeleton";
import { MailDialog } from "./mail-dialog";
import { stateOf } from "./mail-state";

/** Every mail of the last thirty days; what no mail server took can be read here and handed on. */
export function OutboxPage() {
  usePageTitle("Outbox");
  return (
    <div className="mx-auto w-full max-w-4xl p-4 sm:p-6 lg:p-8">
      <p className="mb-5 max-w-prose text-sm text-muted-foreground">
        Mail that this studio wrote in the last thirty days. What could not be sent keeps its words:
        open it to hand its link on.
      </p>
      <Outbox />
    </div>
  );
}

function Outbox() {
  const [opened, open] = useState<MailOut | null>(null);
  const list = useInfiniteQuery({
    queryKey: listOutboxQueryKey(),
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      return (await listOutbox({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    staleTime: 0,
  });
  if (list.isPending) {
    return (
      <div role="status" aria-label="Loading the outbox" className="grid gap-3">
        {["a", "b", "c"].map((name) => (
          <Skeleton key={name} className="h-20 rounded-xl" />
        ))}
      </div>
    );
  }
  if (!list.data) {
    return (
      <Alert
        kind="error"
        title="The outbox could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(list.error)}
      </Alert>
    );
  }
  const mails = list.data.pages.flatMap(({ items }) => items);
  if (mails.length === 0) {
    return (
      <EmptyState icon={Mailbox} title="No mail yet">
        Mails to confirm addresses and to choose new passwords are listed here.
      </EmptyState>
    );
  }
  return (
    <>
      <Card>
        <ul className="divide-y" aria-label="Mails">
          {mails.map((mail) => (
            <Row key={mail.id} mail={mail} onOpen={() => open(mail)} />
          ))}
        </ul>
      </Card>
      <ShowMore list={list} className="mt-5" />
      <MailDialog mail={opened} onClose={() => open(null)} />
    </>
  );
}

function Row({ mail, onOpen }: { mail: MailOut; onOpen: () => void }) {
  const { label, kind } = stateOf(mail.state);
  return (
    <li className="flex items-center gap-3 p-4 sm:gap-4">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="wrap-anywhere">{mail.subject}</span>
          <Badge kind={kind}>{label}</Badge>
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted-foreground">
          <span className="wrap-anywhere">{mail.to}</span>
          <time dateTime={mail.created_at} title={formatDateTime(mail.created_at)}>
            {formatAgo(mail.created_at)}
          </time>
        </p>
        {mail.last_error ? (
          <p className="mt-1 text-sm wrap-anywhere text-destructive-text">{mail.last_error}</p>
        ) : null}
      </div>
      <Button
        size="sm"
        variant="secondary"
        aria-label={`Open “${mail.subject}” to ${mail.to}`}
        onClick={onOpen}
      >
        Open
      </Button>
    </li>
  );
}
