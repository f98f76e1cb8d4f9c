import { lazy, type ReactNode, Suspense } from "react";
import { usePageTitle } from "@/lib/page-title";
import { Tab, TabPanel, Tabs, TabsList } from "@/ui/tabs";
import { AccountPanel } from "./account-panel";
import { PanelLoading } from "./panel-loading";
import { type SettingsTab, toTab } from "./settings-search";

const DevicesPanel = lazy(() =>
  import("./devices-panel").then((module) => ({ default: module.DevicesPanel })),
);

const SecurityPanel = lazy(() =>
  import("./security-panel").then((module) => ({ default: module.SecurityPanel })),
);

const DangerPanel = lazy(() =>
  import("./danger-panel").then((module) => ({ default: module.DangerPanel })),
);

type SettingsPageProps = {
  tab?: SettingsTab | undefined;
  onTab: (tab: SettingsTab) => void;
  /** What features above accounts have to say on the first tab, below the account itself. */
  children?: ReactNode;
  /** The tab of the services and servers that make pictures. */
  providers?: ReactNode;
  /** The tab of API keys. */
  apiKeys?: ReactNode;
  /** The tab of what the workspace clears up by itself. */
  cleanup?: ReactNode;
};

/** One's own account, what protects it, where it is logged in, and its keys for programs. */
export function SettingsPage({
  tab,
  onTab,
  children,
  providers,
  apiKeys,
  cleanup,
}: SettingsPageProps) {
  usePageTitle("Settings");
  return (
    <div className="mx-auto w-full max-w-3xl p-4 sm:p-6 lg:p-8">
      <Tabs
        value={toTab(tab) ?? "account"}
        onValueChange={(value) => onTab(toTab(value) ?? "account")}
      >
        <TabsList>
          <Tab value="account">Account</Tab>
          <Tab value="security">Security</Tab>
          <Tab value="devices">Devices</Tab>
          <Tab value="providers">Providers</Tab>
          <Tab value="api-keys">API keys</Tab>
          <Tab value="cleanup">Clean-up</Tab>
          <Tab value="danger">Danger zone</Tab>
        </TabsList>
        <TabPanel value="account">
          <div className="grid gap-6">
            <AccountPanel />
            {children}
          </div>
        </TabPanel>
        <TabPanel value="security">
          <Suspense fallback={<PanelLoading label="Loading your security" />}>
            <SecurityPanel />
          </Suspense>
        </TabPanel>
        <TabPanel value="devices">
          <Suspense fallback={<PanelLoading label="Loading your devices" />}>
            <DevicesPanel />
          </Suspense>
        </TabPanel>
        <TabPanel value="providers">{providers}</TabPanel>
        <TabPanel value="api-keys">{apiKeys}</TabPanel>
        <TabPanel value="cleanup">{cleanup}</TabPanel>
        <TabPanel value="danger">
          <Suspense fallback={<PanelLoading label="Loading the danger zone" />}>
            <DangerPanel />
          </Suspense>
        </TabPanel>
      </Tabs>
    </div>
  );
}
