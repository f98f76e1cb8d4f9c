import { skipToken, useQuery } from "@tanstack/react-query";
import { getOutboxMailOptions } from "@/api/@tanstack/react-query.gen";
import type { MailOut } from "@/api/types.gen";
import { formatDateTime } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { CopyButton } from "@/ui/copy-button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Skeleton } from "@/ui/skeleton";

/** A mail as plain text: nothing in it can act on the studio. */
export function MailDialog({ mail, onClose }: { mail: MailOut | null; onClose: () => void }) {
  return (
    <Dialog open={mail !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {mail ? (
        <DialogContent
          title={mail.subject}
          description={`To ${mail.to}, ${formatDateTime(mail.created_at)}`}
          className="w-full max-w-2xl"
        >
          <Words mail={mail} />
        </DialogContent>
      ) : null}
    </Dialog>
  );
}

function Words({ mail }: { mail: MailOut }) {
  const sent = mail.state === "sent";
  const options = getOutboxMailOptions({ path: { id: mail.id } });
  const words = useQuery(sent ? { ...options, queryFn: skipToken } : options);
  if (sent) {
    return (
      <Alert kind="info">
        It was sent. Its words are for its receiver alone and are not kept here.
      </Alert>
    );
  }
  if (words.isPending) {
    return <Skeleton className="h-48 rounded-lg" />;
  }
  if (!words.data) return <Alert kind="error">{reasonOf(words.error)}</Alert>;
  const link = /https?:\/\/\S*token=\S+/.exec(words.data.text)?.[0];
  return (
    <div className="grid gap-4">
      <pre className="max-h-[50dvh] overflow-auto rounded-lg border bg-subtle p-4 font-mono text-sm wrap-anywhere whitespace-pre-wrap">
        {words.data.text}
      </pre>
      {link ? (
        <div className="justify-self-start">
          <CopyButton text={link} label="Copy the link">
            Copy the link
          </CopyButton>
        </div>
      ) : null}
    </div>
  );
}
