import { Monitor, Smartphone, SquareTerminal } from "lucide-react";
import type { SessionOut } from "@/api/types.gen";
import { formatAgo, formatDateTime } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { deviceOf } from "./device-name";

const ICONS = { computer: Monitor, phone: Smartphone, program: SquareTerminal };

type DeviceRowProps = { session: SessionOut; onRevoke: () => void };

export function DeviceRow({ session, onRevoke }: DeviceRowProps) {
  const { name, kind } = deviceOf(session.user_agent);
  const Icon = ICONS[kind];
  return (
    <li className="flex items-center gap-3 p-4 sm:gap-4">
      <Icon aria-hidden className="size-5 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="wrap-anywhere" title={session.user_agent ?? undefined}>
            {name}
          </span>
          {session.current ? <Badge kind="success">This device</Badge> : null}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted-foreground">
          <span className="wrap-anywhere">{session.ip_address ?? "Unknown address"}</span>
          <span>
            Last seen{" "}
            <time dateTime={session.last_seen_at} title={formatDateTime(session.last_seen_at)}>
              {formatAgo(session.last_seen_at)}
            </time>
          </span>
        </p>
      </div>
      {session.current ? null : (
        <Button size="sm" variant="secondary" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}
