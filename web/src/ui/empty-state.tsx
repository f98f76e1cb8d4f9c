import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type EmptyStateProps = {
  icon: LucideIcon;
  title: string;
  /** What will be here and how it gets here. */
  children: ReactNode;
  /** The next step. */
  action?: ReactNode;
  className?: string;
};

export function EmptyState({ icon: Icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div
      className={cn("mx-auto grid max-w-md justify-items-center px-4 py-16 text-center", className)}
    >
      <span className="grid size-14 place-items-center rounded-2xl bg-primary-soft text-primary-soft-foreground">
        <Icon aria-hidden className="size-6" />
      </span>
      <h2 className="mt-5 text-xl">{title}</h2>
      <div className="mt-2 text-muted-foreground">{children}</div>
      {action ? <div className="mt-6">{action}</div> : null}
    </div>
  );
}
