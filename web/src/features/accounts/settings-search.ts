/** Which part of the settings is open, as it stands in the address. */
export const SETTINGS_TABS = [
  "account",
  "security",
  "devices",
  "providers",
  "api-keys",
  "cleanup",
  "danger",
] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];
export type SettingsSearch = {
  tab?: SettingsTab;
  /** How linking a provider ended: why not, or which one. */
  refused?: string;
  linked?: string;
};

export function readSettings(search: Record<string, unknown>): SettingsSearch {
  const tab = toTab(search.tab);
  return {
    ...(tab ? { tab } : {}),
    ...(typeof search.refused === "string" ? { refused: search.refused } : {}),
    ...(typeof search.linked === "string" ? { linked: search.linked } : {}),
  };
}

export function toTab(value: unknown): SettingsTab | undefined {
  return SETTINGS_TABS.find((each) => each === value);
}
