import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { getCleanupQueryKey } from "@/api/@tanstack/react-query.gen";
import { undoBulk } from "@/api/sdk.gen";
import type { CleanupRunOut } from "@/api/types.gen";
import { finished } from "@/features/library/actions/follow-job";
import { refreshLists } from "@/features/library/image-lists";
import { useMayChange } from "@/features/workspaces/acting";
import { formatBytes, formatCount, formatDateTime } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { notify } from "@/ui/notify";

/** What the last clean-ups took, each with its way back. */
export function CleanupRuns({ runs }: { runs: readonly CleanupRunOut[] }) {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const undo = useMutation({
    mutationFn: async (id: string) => {
      const { data } = await undoBulk({ path: { id }, throwOnError: true });
      if (data.job_id) await finished(data.job_id);
    },
    onSuccess: () => notify({ kind: "success", title: "The pictures are back in the library" }),
    onError: (error) =>
      notify({
        kind: "error",
        title: "That could not be taken back",
        description: reasonOf(error),
      }),
    onSettled: () => {
      refreshLists(client);
      void client.invalidateQueries({ queryKey: getCleanupQueryKey() });
    },
  });
  if (runs.length === 0) return null;
  return (
    <Card>
      <h3 className="border-b p-4 text-sm font-medium">The last clean-ups</h3>
      <ul className="divide-y">
        {runs.map(({ id, created_at, images, bytes, undo_id }) => (
          <li key={id} className="flex min-h-14 flex-wrap items-center gap-3 px-4 py-2 text-sm">
            <span className="text-muted-foreground">{formatDateTime(created_at)}</span>
            <span className="flex-1">
              {images === 0
                ? "Nothing to do"
                : `${formatCount(images, "picture")} to the trash, ${formatBytes(bytes)}`}
            </span>
            {undo_id && mayChange ? (
              <Button
                size="sm"
                variant="secondary"
                disabled={undo.isPending}
                onClick={() => undo.mutate(undo_id)}
              >
                <RotateCcw aria-hidden /> Take it back
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}
