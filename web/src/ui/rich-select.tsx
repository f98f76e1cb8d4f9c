import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { inputStyle } from "./input";
import { itemStyle, popupStyle } from "./overlay-style";

/** A select whose options carry a second line. It brings the floating layer; prefer `Select` where plain words do. */
export type RichOption<Value extends string> = {
  value: Value;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
};

type RichSelectProps<Value extends string> = {
  options: readonly RichOption<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
};

export function RichSelect<Value extends string>(props: RichSelectProps<Value>) {
  const { options, value, onChange, placeholder, disabled, className, ...trigger } = props;
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled ?? false}
    >
      <Base.Trigger
        {...trigger}
        className={cn(
          inputStyle,
          "flex h-10 items-center justify-between gap-2 text-left",
          className,
        )}
      >
        <Base.Value
          placeholder={placeholder}
          className="truncate data-placeholder:text-muted-foreground"
        />
        <Base.Icon className="text-muted-foreground">
          <ChevronsUpDown aria-hidden className="size-4" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none" sideOffset={6} alignItemWithTrigger={false}>
          <Base.Popup
            className={cn(
              popupStyle,
              "max-h-[min(24rem,var(--available-height))] min-w-[var(--anchor-width)] overflow-y-auto p-1.5",
            )}
          >
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className={itemStyle}
              >
                <span className="grid min-w-0 flex-1">
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.hint ? (
                    <span className="text-xs text-muted-foreground">{option.hint}</span>
                  ) : null}
                </span>
                <Base.ItemIndicator className="text-primary-text">
                  <Check aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
