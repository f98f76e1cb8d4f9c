import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { ScrollText, ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { AuditEntry, AuditPage } from "@/api/types.gen";
import { formatAgo, formatDateTime } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { ShowMore } from "@/ui/show-more";
import { auditWords, isSuspicious } from "./audit-words";
import { deviceOf } from "./device-name";
import { PanelLoading } from "./panel-loading";

type AuditListProps = {
  list: UseInfiniteQueryResult<InfiniteData<AuditPage>>;
  /** Whom an entry is about, where that is not plain. */
  about?: (entry: AuditEntry) => ReactNode;
  /** Said when there is none. */
  empty: ReactNode;
};

/** Entries of the audit log, page after page. */
export function AuditList({ list, about, empty }: AuditListProps) {
  if (list.isPending) return <PanelLoading label="Loading the log" />;
  if (!list.data) {
    return (
      <Alert
        kind="error"
        title="The log could not be loaded"
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
  const entries = list.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <p className="text-muted-foreground">{empty}</p>;
  return (
    <div className="grid gap-4">
      <ul className="divide-y">
        {entries.map((entry) => (
          <AuditRow key={entry.id} entry={entry} about={about?.(entry)} />
        ))}
      </ul>
      <ShowMore list={list} label="Show earlier" />
    </div>
  );
}

function AuditRow({ entry, about }: { entry: AuditEntry; about: ReactNode }) {
  const Icon = isSuspicious(entry) ? ShieldAlert : ScrollText;
  return (
    <li className="flex items-start gap-3 py-3">
      <Icon
        aria-hidden
        className={
          isSuspicious(entry)
            ? "mt-0.5 size-5 shrink-0 text-destructive"
            : "mt-0.5 size-5 shrink-0 text-muted-foreground"
        }
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{auditWords(entry)}</p>
        {about ? <p className="text-sm wrap-anywhere">{about}</p> : null}
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted-foreground">
          <time dateTime={entry.created_at} title={formatDateTime(entry.created_at)}>
            {formatAgo(entry.created_at)}
          </time>
          {entry.ip_address ? <span className="wrap-anywhere">{entry.ip_address}</span> : null}
          {entry.user_agent ? (
            <span className="wrap-anywhere" title={entry.user_agent}>
              {deviceOf(entry.user_agent).name}
            </span>
          ) : null}
        </p>
      </div>
    </li>
  );
}
