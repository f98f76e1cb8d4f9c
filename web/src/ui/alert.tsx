import { cva, type VariantProps } from "class-variance-authority";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

const alertVariants = cva("flex gap-3 rounded-lg border p-3.5 text-sm leading-relaxed", {
  variants: {
    kind: {
      error: "border-destructive/40 bg-destructive-soft text-destructive-text",
      warning: "border-warning/40 bg-warning-soft text-warning-text",
      success: "border-success/40 bg-success-soft text-success-text",
      info: "border-border bg-surface text-surface-foreground",
    },
  },
  defaultVariants: { kind: "info" },
});

const ICONS = { error: CircleAlert, warning: TriangleAlert, success: CircleCheck, info: Info };

type AlertProps = VariantProps<typeof alertVariants> & {
  title?: string;
  children?: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
  className?: string;
};

export function Alert({ kind, title, children, action, className }: AlertProps) {
  const Icon = ICONS[kind ?? "info"];
  return (
    <div
      role={kind === "error" ? "alert" : "status"}
      className={cn(alertVariants({ kind }), className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="grid min-w-0 flex-1 gap-1">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children ? <div>{children}</div> : null}
        {action ? <div className="mt-2">{action}</div> : null}
      </div>
    </div>
  );
}
