/** Light, dark, or what the system says. public/theme.js applies the same choice before the first paint. */
import { readStored, useStored, writeStored } from "./stored";

export type Theme = "light" | "dark" | "system";
const NAME = "theme";

export function toTheme(value: string | null | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}

export function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [value] = useStored(NAME);
  return [toTheme(value), chooseTheme];
}

export function chooseTheme(theme: Theme): void {
  writeStored(NAME, theme === "system" ? null : theme);
  applyTheme(theme);
}

/** Follows a choice made in another tab. */
export function followTheme(): void {
  addEventListener("storage", () => applyTheme(toTheme(readStored(NAME))));
}
