import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { SettingsPage } from "@/features/accounts/settings-page";
import { readSettings } from "@/features/accounts/settings-search";

const SignInMethods = lazy(() =>
  import("@/features/accounts/sign-in-methods").then((module) => ({
    default: module.SignInMethods,
  })),
);
const YourNumbers = lazy(() =>
  import("@/features/activity/your-numbers").then((module) => ({ default: module.YourNumbers })),
);
const ProvidersPanel = lazy(() =>
  import("@/features/connections/providers-panel").then((module) => ({
    default: module.ProvidersPanel,
  })),
);

const ApiKeysPanel = lazy(() =>
  import("@/features/api-keys/api-keys-panel").then((module) => ({
    default: module.ApiKeysPanel,
  })),
);

const CleanupPanel = lazy(() =>
  import("@/features/upkeep/cleanup-panel").then((module) => ({ default: module.CleanupPanel })),
);

export const Route = createFileRoute("/_studio/settings")({
  validateSearch: readSettings,
  component: SettingsRoute,
});

function SettingsRoute() {
  const { tab, refused, linked } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <SettingsPage
      tab={tab}
      onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
      providers={
        <Suspense>
          <ProvidersPanel />
        </Suspense>
      }
      apiKeys={
        <Suspense>
          <ApiKeysPanel />
        </Suspense>
      }
      cleanup={
        <Suspense>
          <CleanupPanel />
        </Suspense>
      }
    >
      <Suspense>
        <SignInMethods refused={refused} linked={linked} />
        <YourNumbers />
      </Suspense>
    </SettingsPage>
  );
}
