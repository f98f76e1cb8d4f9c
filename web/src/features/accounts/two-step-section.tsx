import { useState } from "react";
import type { SecondFactorOut } from "@/api/types.gen";
import { formatDateTime } from "@/lib/format";
import { Alert } from "@/ui/alert";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { RenewCodes } from "./renew-codes";
import { SetUpTwoStep } from "./set-up-two-step";
import { SettingsSection } from "./settings-section";
import { TurnOffTwoStep } from "./turn-off-two-step";

const FEW_CODES = 3;

type Open = "set-up" | "turn-off" | "renew";

/** Two-step verification: how it stands, and what can be done about it. */
export function TwoStepSection({ status }: { status: SecondFactorOut }) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const on = status.enabled_at !== null;
  return (
    <SettingsSection
      title="Two-step verification"
      lead="Logging in with your password then takes a code from an app on your phone as well."
      badge={on ? <Badge kind="success">On</Badge> : <Badge>Off</Badge>}
    >
      {status.enabled_at ? (
        <>
          <p className="text-sm text-muted-foreground">
            On since <time dateTime={status.enabled_at}>{formatDateTime(status.enabled_at)}</time>.{" "}
            {codesLeft(status.recovery_codes)}
          </p>
          {status.recovery_codes < FEW_CODES ? (
            <Alert kind="warning">
              Make new recovery codes, so that a lost phone does not lock you out.
            </Alert>
          ) : null}
          <div className="flex flex-wrap gap-3">
            <Button variant="secondary" onClick={() => setOpen("renew")}>
              New recovery codes
            </Button>
            <Button variant="secondary" onClick={() => setOpen("turn-off")}>
              Turn off
            </Button>
          </div>
        </>
      ) : (
        <Button className="justify-self-start" onClick={() => setOpen("set-up")}>
          Set up
        </Button>
      )}
      <Dialog open={open === "set-up"} onOpenChange={(shown) => !shown && close()}>
        {open === "set-up" ? <SetUpTwoStep status={status} onClose={close} /> : null}
      </Dialog>
      <Dialog open={open === "renew"} onOpenChange={(shown) => !shown && close()}>
        {open === "renew" ? <RenewCodes status={status} onClose={close} /> : null}
      </Dialog>
      <Dialog open={open === "turn-off"} onOpenChange={(shown) => !shown && close()}>
        {open === "turn-off" ? <TurnOffTwoStep status={status} onClose={close} /> : null}
      </Dialog>
    </SettingsSection>
  );
}

function codesLeft(number: number): string {
  if (number === 0) return "No recovery codes are left.";
  return number === 1 ? "One recovery code is left." : `${number} recovery codes are left.`;
}
