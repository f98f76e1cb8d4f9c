import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** Holds the place of what is on its way, in its shape. Say what loads in the region's `aria-busy` label. */
export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return (
    <div aria-hidden {...props} className={cn("animate-pulse rounded-lg bg-muted", className)} />
  );
}
