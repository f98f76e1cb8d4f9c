import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  listImageProvidersQueryKey,
  listModelsQueryKey,
  setProviderKeyMutation,
} from "@/api/@tanstack/react-query.gen";
import type { ProviderKeyOut } from "@/api/types.gen";
import { placeErrors } from "@/lib/form-errors";
import { formatAgo } from "@/lib/format";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/password-input";

type ProviderKeyProps = {
  item: ProviderKeyOut;
  /** What was said of the key before is said of it no more. */
  onChanged: () => void;
};

/** A key of one's own to a provider: written, never read again. */
export function ProviderKey({ item, onChanged }: ProviderKeyProps) {
  const { provider, title } = item;
  const client = useQueryClient();
  const [key, setKey] = useState("");
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    ...setProviderKeyMutation(),
    onSuccess: async (_, { body }) => {
      setKey("");
      setAsking(false);
      onChanged();
      notify({ kind: "success", title: body.key === null ? "Key removed" : "Key saved" });
      await Promise.all(
        [listImageProvidersQueryKey(), listModelsQueryKey()].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
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
        <Button
          type="submit"
          size="sm"
          variant={item.last_four ? "secondary" : "primary"}
          working={change.isPending && !removing && "Saving…"}
        >
          {item.last_four ? "Replace key" : "Save key"}
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

function stateOf({
  last_four,
  set_at,
  from_environment,
  environment_variable,
}: ProviderKeyOut): string {
  if (last_four)
    return `Your key ends in ${last_four}${set_at ? `; set ${formatAgo(set_at)}` : ""}.`;
  if (from_environment) return "The studio has a key for everyone; yours would be used instead.";
  return `No key yet. Whoever runs the studio can set ${environment_variable} for everyone.`;
}
