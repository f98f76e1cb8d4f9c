import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import type { PasskeyOut, SecondFactorOut } from "@/api/types.gen";
import { formatAgo, formatDateTime } from "@/lib/format";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { AddPasskey } from "./add-passkey";
import { passkeysWork } from "./passkey";
import { RenamePasskey } from "./rename-passkey";
import { SettingsSection } from "./settings-section";
import { useRemovePasskey } from "./use-remove-passkey";

type PasskeysSectionProps = { passkeys: PasskeyOut[]; status: SecondFactorOut };

/** What a dialog is about; the passkey stays while the dialog goes away. */
type Question = { kind: "add" | "rename" | "remove" | null; passkey: PasskeyOut | null };

export function PasskeysSection({ passkeys, status }: PasskeysSectionProps) {
  const [question, ask] = useState<Question>({ kind: null, passkey: null });
  const close = () => ask({ ...question, kind: null });
  const whenHidden = (shown: boolean) => !shown && close();
  const { remove, working } = useRemovePasskey(close);
  const { kind, passkey } = question;
  return (
    <SettingsSection
      title="Passkeys"
      lead="Log in with your finger, your face or the PIN of your device, without a password."
    >
      {passkeys.length > 0 ? (
        <ul aria-label="Your passkeys" className="divide-y rounded-lg border">
          {passkeys.map((each) => (
            <PasskeyRow
              key={each.id}
              passkey={each}
              onRename={() => ask({ kind: "rename", passkey: each })}
              onRemove={() => ask({ kind: "remove", passkey: each })}
            />
          ))}
        </ul>
      ) : (
        <p className="text-sm text-muted-foreground">You have no passkeys yet.</p>
      )}
      {passkeysWork() ? (
        <Button
          variant="secondary"
          className="justify-self-start"
          onClick={() => ask({ kind: "add", passkey: null })}
        >
          <Plus aria-hidden /> Add a passkey
        </Button>
      ) : (
        <Alert>
          This browser has no passkeys at this address. Open the studio by its name over HTTPS, in a
          current browser.
        </Alert>
      )}
      <Dialog open={kind === "add"} onOpenChange={whenHidden}>
        {kind === "add" ? <AddPasskey status={status} onClose={close} /> : null}
      </Dialog>
      <Dialog open={kind === "rename"} onOpenChange={whenHidden}>
        {kind === "rename" && passkey ? <RenamePasskey passkey={passkey} onClose={close} /> : null}
      </Dialog>
      <Confirm
        open={kind === "remove"}
        onOpenChange={whenHidden}
        title={`Remove ${passkey?.name ?? "the passkey"}?`}
        action="Remove"
        working={working && "Removing…"}
        onConfirm={() => passkey && remove(passkey)}
      >
        Nobody can log in with it any more. Delete it from your device or password manager as well.
      </Confirm>
    </SettingsSection>
  );
}

type PasskeyRowProps = { passkey: PasskeyOut; onRename: () => void; onRemove: () => void };

function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  const { name, backed_up, created_at, last_used_at } = passkey;
  return (
    <li className="flex flex-wrap items-center gap-3 p-4">
      <KeyRound aria-hidden className="size-5 shrink-0 text-muted-foreground" />
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="wrap-anywhere">{name}</span>
          {backed_up ? <Badge>Synced</Badge> : null}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted-foreground">
          <span>
            Added <When at={created_at} />
          </span>
          <span>
            {last_used_at ? (
              <>
                Used <When at={last_used_at} />
              </>
            ) : (
              "Not used yet"
            )}
          </span>
        </p>
      </div>
      <div className="flex gap-2">
        <Button size="sm" variant="secondary" aria-label={`Rename ${name}`} onClick={onRename}>
          Rename
        </Button>
        <Button size="sm" variant="secondary" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </li>
  );
}

function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {formatAgo(at)}
    </time>
  );
}
