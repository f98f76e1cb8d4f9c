import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

type GroupProps = { title: string; children: ReactNode; className?: string };

/** One way to narrow the pictures, under its name. */
export function Group({ title, children, className }: GroupProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn("grid gap-1.5", className)}>
      <h3
        id={id}
        className="px-2 text-xs font-semibold tracking-wide text-muted-foreground uppercase"
      >
        {title}
      </h3>
      <div>{children}</div>
    </section>
  );
}
