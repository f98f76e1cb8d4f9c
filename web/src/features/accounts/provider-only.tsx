import type { SignInMethods } from "@/api/types.gen";
import { usePageTitle } from "@/lib/page-title";
import { Alert } from "@/ui/alert";
import { AuthLayout } from "./auth-layout";
import { ProviderButtons } from "./provider-buttons";

type ProviderOnlyProps = {
  methods: SignInMethods;
  next: string | undefined;
  reason?: string | null | undefined;
};

/** The only page of log-in and sign-up where a provider is the only door. */
export function ProviderOnly({ methods, next, reason }: ProviderOnlyProps) {
  usePageTitle("Log in");
  return (
    <AuthLayout
      title="Welcome"
      lead="This studio knows you by your account elsewhere."
      footer="There are no passwords here."
    >
      <div className="grid gap-5">
        {reason ? <Alert kind="error">{reason}</Alert> : null}
        <ProviderButtons providers={methods.providers} next={next} />
        {methods.providers.length === 0 ? (
          <Alert kind="info" title="Programs only">
            This studio takes access tokens of its provider, and has no log-in for browsers. Ask its
            administrator.
          </Alert>
        ) : null}
      </div>
    </AuthLayout>
  );
}
