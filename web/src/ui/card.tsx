import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export function Card({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      {...props}
      className={cn("rounded-xl border bg-card text-card-foreground shadow-card", className)}
    />
  );
}

/** For cards that are a link or a button as a whole: they rise a little under the pointer. */
export const raisedCard =
  "transition-[box-shadow,translate] duration-200 ease-studio hover:-translate-y-0.5 hover:shadow-raised";
