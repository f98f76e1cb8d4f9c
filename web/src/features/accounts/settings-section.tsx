import { type ReactNode, useId } from "react";
import { Card } from "@/ui/card";

type SettingsSectionProps = {
  title: string;
  lead: string;
  /** Beside the title: how it stands. */
  badge?: ReactNode;
  children: ReactNode;
};

/** A card of the settings with its heading. */
export function SettingsSection({ title, lead, badge, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card className="grid gap-5 p-4 sm:p-6">
        <div>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 id={id} className="text-lg">
              {title}
            </h2>
            {badge}
          </div>
          <p className="mt-1 text-sm text-muted-foreground">{lead}</p>
        </div>
        {children}
      </Card>
    </section>
  );
}
