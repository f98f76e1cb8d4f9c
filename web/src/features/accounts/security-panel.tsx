import { useQuery } from "@tanstack/react-query";
import { listPasskeysOptions, secondFactorOptions } from "@/api/@tanstack/react-query.gen";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { PanelLoading } from "./panel-loading";
import { PasskeysSection } from "./passkeys-section";
import { SecurityActivity } from "./security-activity";
import { TwoStepSection } from "./two-step-section";

/** What protects the account besides its password. */
export function SecurityPanel() {
  const status = useQuery({ ...secondFactorOptions(), staleTime: 0 });
  const passkeys = useQuery({ ...listPasskeysOptions(), staleTime: 0 });
  if (status.isPending || passkeys.isPending) return <PanelLoading label="Loading your security" />;
  if (!status.data || !passkeys.data) {
    const again = () => Promise.all([status.refetch(), passkeys.refetch()]);
    return (
      <Alert
        kind="error"
        title="Your security settings could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void again()}>
            Try again
          </Button>
        }
      >
        {reasonOf(status.error ?? passkeys.error)}
      </Alert>
    );
  }
  return (
    <div className="grid gap-6">
      <TwoStepSection status={status.data} />
      <PasskeysSection passkeys={passkeys.data.items} status={status.data} />
      <SecurityActivity />
    </div>
  );
}
