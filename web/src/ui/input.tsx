import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** The look of everything that is typed into. */
export const inputStyle =
  "w-full rounded-lg border border-input bg-card px-3 text-base text-foreground shadow-card transition-[border-color,box-shadow] duration-200 ease-studio placeholder:text-muted-foreground focus-visible:border-ring focus-visible:ring-3 focus-visible:ring-ring/25 focus-visible:outline-none disabled:cursor-not-allowed disabled:opacity-55 aria-invalid:border-destructive aria-invalid:focus-visible:ring-destructive/25 sm:text-sm";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input {...props} className={cn(inputStyle, "h-10", className)} />;
}
