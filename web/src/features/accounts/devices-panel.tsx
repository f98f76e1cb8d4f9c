import { useQuery } from "@tanstack/react-query";
import { MonitorSmartphone } from "lucide-react";
import { useRef, useState } from "react";
import { listSessionsOptions } from "@/api/@tanstack/react-query.gen";
import type { SessionOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { deviceOf } from "./device-name";
import { DeviceRow } from "./device-row";
import { useEndSessions } from "./end-sessions";
import { PanelLoading } from "./panel-loading";

/** Where the account is logged in, each with a way to end it. */
export function DevicesPanel() {
  const list = useQuery({ ...listSessionsOptions(), staleTime: 0 });
  if (list.isPending) return <PanelLoading label="Loading your devices" />;
  if (!list.data) {
    return (
      <Alert
        kind="error"
        title="Your devices could not be loaded"
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
  return <Devices sessions={list.data.items} />;
}

/** What the question is about: one session, or with null all others. */
type Question = { open: boolean; session: SessionOut | null };

function Devices({ sessions }: { sessions: SessionOut[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [question, ask] = useState<Question>({ open: false, session: null });
  const close = () => ask({ ...question, open: false });
  const { end, working } = useEndSessions({
    onEnd: close,
    // What was pressed may be gone with its row; the keyboard goes on from the top of the list.
    onListed: () => heading.current?.focus(),
  });
  const others = sessions.filter((session) => !session.current);
  const name = question.session ? deviceOf(question.session.user_agent).name : "";
  return (
    <section aria-labelledby="devices">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 ref={heading} id="devices" tabIndex={-1} className="text-lg outline-none">
            Where you are logged in
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            Revoke what you do not know, then change your password.
          </p>
        </div>
        {others.length > 0 ? (
          <Button variant="secondary" onClick={() => ask({ open: true, session: null })}>
            Log out everywhere else
          </Button>
        ) : null}
      </div>
      <Card className="mt-5">
        <ul className="divide-y">
          {sessions.map((session) => (
            <DeviceRow
              key={session.id}
              session={session}
              onRevoke={() => ask({ open: true, session })}
            />
          ))}
        </ul>
      </Card>
      {others.length === 0 ? (
        <EmptyState icon={MonitorSmartphone} title="No other devices" className="py-10">
          You are logged in here alone. Other browsers and programs that log in are listed here.
        </EmptyState>
      ) : null}
      <Confirm
        open={question.open}
        onOpenChange={(open) => ask({ ...question, open })}
        title={question.session ? `Log out ${name}?` : "Log out everywhere else?"}
        action={question.session ? "Revoke" : "Log out everywhere else"}
        working={working && "Logging out…"}
        onConfirm={() => end(question.session)}
      >
        {question.session
          ? "It has to log in again with your password."
          : "All browsers and programs but this one have to log in again with your password."}
      </Confirm>
    </section>
  );
}
