import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import {
  listProviderKeysOptions,
  listProviderKeysQueryKey,
  setProviderKeyMutation,
} from "@/api/@tanstack/react-query.gen";
import type { ProviderKeyOut } from "@/api/types.gen";
import { placeErrors } from "@/lib/form-errors";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/password-input";

/** Keys of one's own to the providers that take one. Nothing is shown where no provider does. */
export function ProviderKeys() {
  const id = useId();
  const { data } = useQuery(listProviderKeysOptions());
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <Card className="grid gap-5 p-4 sm:p-6">
        <div>
          <h2 id={id} className="text-lg">
            Provider keys
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            With a key of your own, your pictures are made on your own account there. Keys are
            stored encrypted and never shown again.
          </p>
        </div>
        {data.items.map((item) => (
          <ProviderKey key={item.provider} item={item} />
        ))}
      </Card>
    </section>
  );
}

function ProviderKey({ item }: { item: ProviderKeyOut }) {
  const { provider, title } = item;
  const client = useQueryClient();
  const [key, setKey] = useState("");
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    ...setProviderKeyMutation(),
    onSuccess: (page, { body }) => {
      client.setQueryData(listProviderKeysQueryKey(), page);
      setKey("");
      setAsking(false);
      notify({ kind: "success", title: body.key === null ? "Key removed" : "Key saved" });
    },
  });
  const placed = change.error ? placeErrors(change.error, ["key"]) : null;
  const removing = change.isPending && change.variables.body.key === null;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== "") change.mutate({ body: { provider, key } });
  };
  return (
    <form onSubmit={save} noValidate className="grid max-w-md gap-3">
      <Field
        label={`Key for ${title}`}
        help={stateOf(item)}
        error={placed?.fields[0]?.message ?? placed?.form ?? undefined}
      >
        {(control) => (
          <PasswordInput
            {...control}
            value={key}
            onChange={(event) => setKey(event.target.value)}
            autoComplete="off"
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" working={change.isPending && !removing && "Saving…"}>
          Save key
        </Button>
        {item.last_four ? (
          <Button variant="ghost" size="sm" onClick={() => setAsking(true)}>
            Remove key
          </Button>
        ) : null}
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={`Remove your key for ${title}?`}
        action="Remove key"
        working={removing && "Removing…"}
        onConfirm={() => change.mutate({ body: { provider, key: null } })}
      >
        {item.from_environment
          ? "Your pictures are then made with the studio’s own key."
          : `Without a key, ${title} makes no pictures for you.`}
      </Confirm>
    </form>
  );
}

function stateOf({ last_four, from_environment, environment_variable }: ProviderKeyOut): string {
  if (last_four) return `Your key ends in ${last_four}.`;
  if (from_environment) return "The studio has a key for everyone; yours would be used instead.";
  return `No key yet. Whoever runs the studio can set ${environment_variable} for everyone.`;
}
