import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";

type CollapsibleProps = { title: ReactNode; children: ReactNode; open?: boolean };

/** A section that folds away, such as advanced settings. */
export function Collapsible({ title, children, open = false }: CollapsibleProps) {
  return (
    <details open={open} className="group">
      <summary className="flex h-10 list-none items-center justify-between rounded-lg text-sm font-medium select-none [&::-webkit-details-marker]:hidden">
        {title}
        <ChevronDown
          aria-hidden
          className="size-4 text-muted-foreground transition-transform duration-200 ease-studio group-open:rotate-180"
        />
      </summary>
      <div className="pt-2 pb-1">{children}</div>
    </details>
  );
}
