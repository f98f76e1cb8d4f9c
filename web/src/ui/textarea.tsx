import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { inputStyle } from "./input";

/** Grows with its text up to `max-h-*`, then scrolls. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      {...props}
      rows={rows}
      className={cn(
        inputStyle,
        "field-sizing-content max-h-80 min-h-20 resize-none py-2.5 leading-relaxed",
        className,
      )}
    />
  );
}
