import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { inputStyle } from "./input";

export type Option<Value extends string> = { value: Value; label: string; disabled?: boolean };

type SelectProps<Value extends string> = Omit<ComponentProps<"select">, "value" | "onChange"> & {
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
};

/** The browser's own select: known to every phone and screen reader. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { options, value, onChange, className, ...rest } = props;
  return (
    <div className={cn("relative", className)}>
      <select
        {...rest}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        className={cn(inputStyle, "h-10 appearance-none truncate pr-9")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-3 my-auto size-4 text-muted-foreground"
      />
    </div>
  );
}
