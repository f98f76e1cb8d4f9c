import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

export type Choice<Value extends string> = { value: Value; label: string; content?: ReactNode };

type ToggleGroupProps<Value extends string> = {
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  className?: string;
  /** Each choice's own classes, where they should not look like a segmented control. */
  itemClassName?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
};

/** One of a few, all in view: radio buttons in the look of a segmented control. */
export function ToggleGroup<Value extends string>(props: ToggleGroupProps<Value>) {
  const { choices, value, onChange, className, itemClassName, ...names } = props;
  const group = useId();
  return (
    <div
      {...names}
      role="radiogroup"
      className={cn("inline-flex gap-1 rounded-lg bg-muted p-1", className)}
    >
      {choices.map((choice) => (
        <label
          key={choice.value}
          className={cn(
            "relative inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-3 text-sm font-medium text-muted-foreground transition-colors duration-200 ease-studio select-none hover:text-foreground has-checked:bg-background has-checked:text-foreground has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-ring [&_svg]:size-4",
            itemClassName,
          )}
        >
          <input
            type="radio"
            name={group}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            aria-label={choice.content ? choice.label : undefined}
            className="sr-only"
          />
          {choice.content ?? choice.label}
        </label>
      ))}
    </div>
  );
}
