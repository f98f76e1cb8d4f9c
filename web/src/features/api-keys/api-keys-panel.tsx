import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { listApiKeysOptions, revokeApiKeyMutation } from "@/api/@tanstack/react-query.gen";
import type { ApiKeyMade, ApiKeyOut } from "@/api/types.gen";
import { formatAgo, formatDateTime } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { CopyButton } from "@/ui/copy-button";
import { EmptyState } from "@/ui/empty-state";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { Skeleton } from "@/ui/skeleton";
import { NewApiKeyDialog } from "./new-api-key-dialog";

/** The keys that programs use: made, shown once, revoked. */
export function ApiKeysPanel() {
  const list = useQuery({ ...listApiKeysOptions(), staleTime: 0 });
  const revoke = useMutation(revokeApiKeyMutation());
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<ApiKeyMade | null>(null);
  const [asked, ask] = useState<ApiKeyOut | null>(null);
  const end = () => {
    if (!asked) return;
    revoke.mutate(
      { path: { id: asked.id } },
      {
        onSuccess: () => {
          notify({ kind: "success", title: `${asked.name} is revoked` });
          if (made?.id === asked.id) setMade(null);
        },
        onError: (error) =>
          notify({ kind: "error", title: "It was not revoked", description: reasonOf(error) }),
        onSettled: () => {
          ask(null);
          void list.refetch();
        },
      },
    );
  };
  return (
    <section aria-labelledby="api-keys" className="grid gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 id="api-keys" className="text-lg">
            API keys
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            For programs. A key acts in one workspace and never does more than you may there.
          </p>
        </div>
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden /> New key
        </Button>
      </div>
      {made ? (
        <Alert kind="success" title={`Copy the key “${made.name}” now`}>
          It is not shown again.
          <span className="mt-2 flex items-center gap-2">
            <Input
              readOnly
              aria-label="API key"
              value={made.key}
              className="min-w-0 flex-1 font-mono"
            />
            <CopyButton text={made.key} label="Copy the key" />
          </span>
        </Alert>
      ) : null}
      {list.isPending ? <Skeleton className="h-28 rounded-xl" /> : null}
      {list.isError ? (
        <Alert
          kind="error"
          title="Your keys could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(list.error)}
        </Alert>
      ) : null}
      {list.data?.items.length === 0 ? (
        <EmptyState icon={KeyRound} title="No API keys" className="py-10">
          Keys that you make for scripts and other programs are listed here, with their last use.
        </EmptyState>
      ) : null}
      {list.data && list.data.items.length > 0 ? (
        <Card>
          <ul className="divide-y">
            {list.data.items.map((key) => (
              <KeyRow key={key.id} apiKey={key} onRevoke={() => ask(key)} />
            ))}
          </ul>
        </Card>
      ) : null}
      {making ? (
        <NewApiKeyDialog
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setMade(key);
            void list.refetch();
          }}
        />
      ) : null}
      <Confirm
        open={asked !== null}
        onOpenChange={(open) => (open ? undefined : ask(null))}
        title={`Revoke ${asked?.name}?`}
        action="Revoke"
        working={revoke.isPending && "Revoking…"}
        onConfirm={end}
      >
        Programs that use it are refused from now on.
      </Confirm>
    </section>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKeyOut; onRevoke: () => void }) {
  const { name, prefix, scopes, workspace, expires_at, last_used_at } = apiKey;
  const over = expires_at !== null && Date.parse(expires_at) <= Date.now();
  return (
    <li className="flex flex-wrap items-center gap-3 p-4">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span className="wrap-anywhere">{name}</span>
          {scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
          {over ? <Badge kind="warning">Expired</Badge> : null}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted-foreground">
          <code>{prefix}…</code>
          <span>{workspace.personal ? "Personal" : workspace.name}</span>
          <span>{last_used_at ? `Last used ${formatAgo(last_used_at)}` : "Never used"}</span>
          {expires_at && !over ? <span>Ends {formatDateTime(expires_at)}</span> : null}
        </p>
      </div>
      <Button size="sm" variant="secondary" aria-label={`Revoke ${name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  );
}
