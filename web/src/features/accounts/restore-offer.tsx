import { useMutation } from "@tanstack/react-query";
import { restoreAccountMutation } from "@/api/@tanstack/react-query.gen";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import type { LogInForm } from "./fields";

type RestoreOfferProps = { values: LogInForm; onRestored: () => void };

/** For someone who logs in to an account that they have deleted: take that back, then log in. */
export function RestoreOffer({ values, onRestored }: RestoreOfferProps) {
  const restore = useMutation({
    ...restoreAccountMutation(),
    meta: { anonymous: true },
    onSuccess: onRestored,
  });
  return (
    <Alert
      kind="warning"
      title="You deleted this account"
      action={
        <Button
          size="sm"
          working={restore.isPending && "Restoring…"}
          onClick={() => restore.mutate({ body: values })}
        >
          Restore it
        </Button>
      }
    >
      {restore.isError
        ? reasonOf(restore.error)
        : "Until its grace ends it can be restored with all that is in it."}
    </Alert>
  );
}
