import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  adjustCreditsMutation,
  findPursesQueryKey,
  listAdjustmentsQueryKey,
} from "@/api/@tanstack/react-query.gen";
import type { PurseOut } from "@/api/types.gen";
import { placeErrors } from "@/lib/form-errors";
import { formatCredits } from "@/lib/format";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { NumberField } from "@/ui/number-field";
import { Textarea } from "@/ui/textarea";

type AdjustDialogProps = { purse: PurseOut; onClose: () => void };

/** Gives a workspace credits or takes some away, for a reason that its members read. */
export function AdjustDialog({ purse, onClose }: AdjustDialogProps) {
  const client = useQueryClient();
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<{ amount?: string; reason?: string }>({});
  const adjust = useMutation({
    ...adjustCreditsMutation(),
    onSuccess: ({ available }) => {
      notify({
        kind: "success",
        title: "The credits were adjusted",
        description: `${purse.owner_email} has ${formatCredits(available)} now.`,
      });
      void client.invalidateQueries({ queryKey: findPursesQueryKey() });
      void client.invalidateQueries({ queryKey: listAdjustmentsQueryKey() });
      onClose();
    },
  });
  const { fields, form } = adjust.isError
    ? placeErrors(adjust.error, ["amount", "reason"])
    : { fields: [], form: null };
  const fault = (name: "amount" | "reason") =>
    wrong[name] ?? fields.find((field) => field.name === name)?.message;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const missing = {
      ...(amount ? {} : { amount: "Write how many, below zero to take some away." }),
      ...(reason.trim() ? {} : { reason: "Say why; the members read it." }),
    };
    setWrong(missing);
    if (amount && reason.trim())
      adjust.mutate({ path: { workspace_id: purse.workspace_id }, body: { amount, reason } });
  };
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Adjust credits"
        description={`${purse.owner_email} has ${formatCredits(purse.available)} to spend.`}
      >
        <form noValidate onSubmit={submit} className="grid gap-4">
          {form ? <Alert kind="error">{form}</Alert> : null}
          <Field
            label="Credits"
            help="More than 0 gives, less than 0 takes away."
            error={fault("amount")}
          >
            {(control) => (
              <NumberField {...control} step="any" value={amount} onChange={setAmount} />
            )}
          </Field>
          <Field label="Reason" error={fault("reason")}>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button variant="secondary" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" working={adjust.isPending && "Adjusting…"}>
              Adjust
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}
