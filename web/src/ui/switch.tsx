import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

type SwitchProps = Omit<ComponentProps<"input">, "type" | "role" | "onChange"> & {
  checked: boolean;
  onChange: (checked: boolean) => void;
};

export function Switch({ className, onChange, ...props }: SwitchProps) {
  return (
    <input
      {...props}
      type="checkbox"
      role="switch"
      aria-checked={props.checked}
      onChange={(event) => onChange(event.target.checked)}
      className={cn(
        "relative inline-block h-6 w-11 shrink-0 cursor-pointer appearance-none rounded-full bg-input transition-colors duration-200 ease-studio before:absolute before:top-0.5 before:left-0.5 before:size-5 before:rounded-full before:bg-white before:shadow-card before:transition-transform before:duration-200 before:ease-studio checked:bg-primary checked:before:translate-x-5 disabled:cursor-not-allowed disabled:opacity-55",
        className,
      )}
    />
  );
}
