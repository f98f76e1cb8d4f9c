import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  linkIdentityMutation,
  listIdentitiesOptions,
  listIdentitiesQueryKey,
  listSignInMethodsOptions,
  unlinkIdentityMutation,
} from "@/api/@tanstack/react-query.gen";
import type { IdentityOut, LinkIn } from "@/api/types.gen";
import { formatAgo } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { notify } from "@/ui/notify";
import { Skeleton } from "@/ui/skeleton";
import { whatToDo } from "./refusals";

type SignInMethodsProps = { refused?: string | undefined; linked?: string | undefined };

/** Accounts elsewhere that open this one: linked, used, unlinked. Nothing where there are none to link. */
export function SignInMethods({ refused, linked }: SignInMethodsProps) {
  const methods = useQuery(listSignInMethodsOptions());
  const identities = useQuery(listIdentitiesOptions());
  if (methods.data?.providers.length === 0 && !identities.data?.items.length) return null;
  const error = methods.error ?? identities.error;
  const items = identities.data?.items ?? [];
  const added = items.find((each) => each.provider === linked);
  const open = methods.data?.providers.filter(
    ({ id }) => !items.some((each) => each.provider === id),
  );
  return (
    <section aria-labelledby="sign-in-methods">
      <Card className="grid gap-5 p-4 sm:p-6">
        <div>
          <h2 id="sign-in-methods" className="text-lg">
            Sign-in methods
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            Accounts elsewhere that you can log in with.
          </p>
        </div>
        {refused ? <Alert kind="error">{whatToDo(refused)}</Alert> : null}
        {added ? <Alert kind="success">{added.name} is linked to your account.</Alert> : null}
        {error ? (
          <Alert kind="error" title="Your sign-in methods could not be loaded">
            {reasonOf(error)}
          </Alert>
        ) : identities.data && open ? (
          <>
            <Identities items={items} />
            <Linking providers={open} />
          </>
        ) : (
          <Skeleton className="h-14 rounded-xl" />
        )}
      </Card>
    </section>
  );
}

function Identities({ items }: { items: IdentityOut[] }) {
  const client = useQueryClient();
  const [asked, ask] = useState<IdentityOut | null>(null);
  const [open, setOpen] = useState(false);
  const unlink = useMutation(unlinkIdentityMutation());
  if (items.length === 0)
    return <p className="text-sm text-muted-foreground">None is linked yet.</p>;
  const confirm = () => {
    if (!asked) return;
    unlink.mutate(
      { path: { id: asked.id } },
      {
        onSuccess: () => notify({ kind: "success", title: `${asked.name} is unlinked` }),
        onError: (error) =>
          notify({ kind: "error", title: "Nothing was unlinked", description: reasonOf(error) }),
        onSettled: () => {
          setOpen(false);
          void client.invalidateQueries({ queryKey: listIdentitiesQueryKey() });
        },
      },
    );
  };
  return (
    <>
      <ul className="divide-y">
        {items.map((each) => (
          <li key={each.id} className="flex items-center gap-3 py-3 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1">
              <p className="font-medium wrap-anywhere">{each.name}</p>
              <p className="mt-0.5 text-sm text-muted-foreground wrap-anywhere">
                {each.email ?? "No address"} · used {formatAgo(each.last_used_at)}
                {each.removable ? "" : " · your only way in"}
              </p>
            </div>
            {each.removable ? (
              <Button
                size="sm"
                variant="secondary"
                aria-label={`Unlink ${each.name}`}
                onClick={() => {
                  ask(each);
                  setOpen(true);
                }}
              >
                Unlink
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title={`Unlink ${asked?.name ?? ""}?`}
        action="Unlink"
        working={unlink.isPending && "Unlinking…"}
        onConfirm={confirm}
      >
        You can no longer log in with it, until you link it again.
      </Confirm>
    </>
  );
}

function Linking({ providers }: { providers: { id: string; name: string }[] }) {
  const link = useMutation(linkIdentityMutation());
  if (providers.length === 0) return null;
  const leave = (provider: LinkIn["provider"]) =>
    link.mutate(
      { body: { provider } },
      {
        onSuccess: ({ url }) => location.assign(url),
        onError: (error) =>
          notify({ kind: "error", title: "Nothing was linked", description: reasonOf(error) }),
      },
    );
  return (
    <div className="flex flex-wrap gap-3">
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          variant="secondary"
          working={link.isPending && "Leaving…"}
          onClick={() => leave(id as LinkIn["provider"])}
        >
          Link {name}
        </Button>
      ))}
    </div>
  );
}
