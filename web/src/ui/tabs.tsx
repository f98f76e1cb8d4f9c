import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export const Tabs = Base.Root;

export function TabsList({ children }: { children: ReactNode }) {
  return (
    <Base.List className="relative flex gap-1 overflow-x-auto border-b">
      {children}
      <Base.Indicator className="absolute bottom-0 left-0 h-0.5 w-[var(--active-tab-width)] translate-x-[var(--active-tab-left)] rounded-full bg-primary transition-[translate,width] duration-200 ease-studio" />
    </Base.List>
  );
}

export function Tab({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Base.Tab
      value={value}
      className="h-10 rounded-t-lg px-3 text-sm font-medium whitespace-nowrap text-muted-foreground transition-colors -outline-offset-2 hover:text-foreground data-active:text-foreground"
    >
      {children}
    </Base.Tab>
  );
}

export function TabPanel({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Base.Panel value={value} className="pt-6 outline-offset-4">
      {children}
    </Base.Panel>
  );
}
