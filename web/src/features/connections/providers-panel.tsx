import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useEffect } from "react";
import {
  checkImageProviderMutation,
  listImageProvidersOptions,
  listModelsOptions,
  listModelsQueryKey,
} from "@/api/@tanstack/react-query.gen";
import type { ImageProviderOut, ModelOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Skeleton } from "@/ui/skeleton";
import { ProviderKey } from "./provider-key";

/** The services and servers that make pictures: what each needs, whether it has it, and whether it answers. */
export function ProvidersPanel() {
  const providers = useQuery(listImageProvidersOptions());
  const models = useQuery(listModelsOptions());
  const loaded = providers.data !== undefined;
  useEffect(() => {
    // A link to one of them was followed before any of them was there.
    if (loaded) document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, [loaded]);
  if (providers.isError)
    return (
      <Alert
        kind="error"
        title="The providers could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void providers.refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(providers.error)}
      </Alert>
    );
  if (!providers.data)
    return (
      <div role="status" aria-label="Loading the providers" className="grid gap-4">
        <Skeleton className="h-48" />
        <Skeleton className="h-48" />
      </div>
    );
  return (
    <div className="grid gap-4">
      <p className="text-sm text-pretty text-muted-foreground">
        With a key of your own, your pictures are made on your own account there. Keys are stored
        encrypted and never shown again.
      </p>
      {providers.data.items.map((provider) => (
        <Provider
          key={provider.provider}
          provider={provider}
          models={models.data?.items.filter((model) => model.provider === provider.provider)}
        />
      ))}
    </div>
  );
}

type ProviderProps = { provider: ImageProviderOut; models: readonly ModelOut[] | undefined };

function Provider({ provider, models }: ProviderProps) {
  const { provider: id, title, description, ready, key, setting, checkable } = provider;
  const client = useQueryClient();
  const check = useMutation({
    ...checkImageProviderMutation(),
    onSuccess: () => client.invalidateQueries({ queryKey: listModelsQueryKey() }),
  });
  return (
    <Card id={id} role="region" aria-labelledby={`${id}-title`} className="grid gap-4 p-4 sm:p-6">
      <div className="grid gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <h2 id={`${id}-title`} className="text-lg">
            {title}
          </h2>
          {ready ? (
            <Badge kind="success">{setting ? "Set up" : "Has a key"}</Badge>
          ) : (
            <Badge kind="warning">{setting ? "Not set up" : "Needs a key"}</Badge>
          )}
        </div>
        <p className="text-sm text-pretty text-muted-foreground">{description}</p>
        {models && models.length > 0 ? <Models title={title} models={models} /> : null}
        {setting && !ready ? (
          <p className="text-sm">
            Whoever runs the studio sets <code>{setting}</code> to the address of a server.
          </p>
        ) : null}
        {setting && ready && models?.length === 0 ? (
          <p className="text-sm">No models yet: the server was not reached so far.</p>
        ) : null}
      </div>
      {key ? <ProviderKey item={key} onChanged={check.reset} /> : null}
      {checkable && ready ? (
        <div className="flex flex-wrap items-center gap-3 border-t pt-4">
          <Button
            variant="secondary"
            size="sm"
            working={check.isPending && "Testing…"}
            onClick={() => check.mutate({ path: { provider: id } })}
          >
            {setting ? "Test the server" : "Test this key"}
          </Button>
          <div role="status" className="min-w-0 flex-1 text-sm">
            {check.isError ? <Said ok={false}>{reasonOf(check.error)}</Said> : null}
            {check.data ? <Said ok={check.data.ok}>{check.data.message}</Said> : null}
          </div>
        </div>
      ) : null}
    </Card>
  );
}

function Models({ title, models: all }: { title: string; models: readonly ModelOut[] }) {
  const models = all.filter((model) => !model.retired);
  const away = models.find((model) => !model.available && !model.needs_key && model.active);
  const none = models.every((model) => !model.available);
  return (
    <>
      <p className="text-sm">
        <Link
          to="/models"
          search={{ q: title }}
          className="text-primary-text underline-offset-4 hover:underline"
        >
          {models.length === 1 ? "1 model" : `${models.length} models`}
        </Link>
      </p>
      {none && away?.unavailable_reason ? (
        <p className="text-sm text-warning-text">{away.unavailable_reason}</p>
      ) : null}
    </>
  );
}

function Said({ ok, children }: { ok: boolean; children: string }) {
  const Icon = ok ? CircleCheck : CircleAlert;
  return (
    <span className={cn("flex gap-2", ok ? "text-success-text" : "text-destructive-text")}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </span>
  );
}
