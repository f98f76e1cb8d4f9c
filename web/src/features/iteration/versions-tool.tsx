import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import {
  deleteVersionMutation,
  listVersionsOptions,
  restoreVersionMutation,
} from "@/api/@tanstack/react-query.gen";
import type { VersionOut } from "@/api/types.gen";
import { formatAgo, formatNumber } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Confirm } from "@/ui/alert-dialog";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { notify } from "@/ui/notify";
import { Skeleton } from "@/ui/skeleton";
import { showEdited } from "./runs";
import type { ToolProps } from "./tools";

/** What the picture was before each edit: to be shown again, or forgotten. */
export function VersionsTool({ image, onBusy }: ToolProps) {
  const client = useQueryClient();
  const path = { id: image.id };
  const { data, isPending, error, refetch } = useQuery(listVersionsOptions({ path }));
  const [doomed, setDoomed] = useState<VersionOut | null>(null);
  const ask = (version: VersionOut | null) => {
    setDoomed(version);
    if (version) onBusy(true);
    // The key that answered is not for the page as well.
    else setTimeout(() => onBusy(false));
  };
  const restoring = useMutation({
    ...restoreVersionMutation(),
    onSuccess: (restored) => showEdited(client, [restored]),
    onError: (problem) => tell("The version was not restored", problem),
  });
  const deleting = useMutation({
    ...deleteVersionMutation(),
    onError: (problem) => tell("The version was not deleted", problem),
    onSettled: () => {
      ask(null);
      void refetch();
    },
  });
  if (isPending) return <Skeleton className="h-24" />;
  if (error)
    return (
      <Alert kind="error" title="The versions could not be loaded">
        {reasonOf(error)}
      </Alert>
    );
  if (data.items.length === 0)
    return (
      <p className="text-sm text-muted-foreground">
        The picture was never edited. Each edit leaves a version here.
      </p>
    );
  return (
    <>
      <ul aria-label="Versions" className="grid gap-3">
        {data.items.map((version) => (
          <li key={version.id} className="grid grid-cols-[3.5rem_1fr_auto] items-center gap-3">
            <img
              src={version.url}
              alt=""
              loading="lazy"
              decoding="async"
              className="size-14 rounded-lg border bg-muted object-cover"
            />
            <div className="grid min-w-0 gap-0.5 text-xs text-muted-foreground">
              <span className="flex items-center gap-2 text-sm font-medium text-foreground">
                {version.number === 1 ? "Original" : `Version ${version.number}`}
                {version.current ? <Badge>Shown</Badge> : null}
              </span>
              <span className="tabular-nums">
                {formatNumber(version.width)} × {formatNumber(version.height)}
              </span>
              <span>{formatAgo(version.created_at)}</span>
            </div>
            {version.current ? null : (
              <div className="flex gap-1">
                <Button
                  size="sm"
                  variant="secondary"
                  working={
                    restoring.isPending &&
                    restoring.variables.path.version_id === version.id &&
                    "Restoring…"
                  }
                  onClick={() => restoring.mutate({ path: { ...path, version_id: version.id } })}
                >
                  Restore
                </Button>
                {version.number === 1 ? null : (
                  <Button
                    size="icon-sm"
                    variant="ghost"
                    aria-label={`Delete version ${version.number}`}
                    title="Delete"
                    onClick={() => ask(version)}
                  >
                    <Trash2 aria-hidden />
                  </Button>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      <Confirm
        open={doomed !== null}
        onOpenChange={(open) => !open && ask(null)}
        title={`Delete version ${doomed?.number ?? ""}?`}
        action="Delete version"
        working={deleting.isPending && "Deleting…"}
        onConfirm={() => doomed && deleting.mutate({ path: { ...path, version_id: doomed.id } })}
      >
        Its file goes with it. This cannot be undone.
      </Confirm>
    </>
  );
}

function tell(title: string, problem: unknown) {
  notify({ kind: "error", title, description: reasonOf(problem) });
}
