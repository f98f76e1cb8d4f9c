import { type ComponentProps, useState } from "react";
import { cn } from "@/lib/cn";
import { Input } from "./input";

type NumberFieldProps = Omit<ComponentProps<"input">, "type" | "value" | "onChange"> & {
  value: number | null;
  /** null when the field is empty or holds no number. */
  onChange: (value: number | null) => void;
};

/** A number in digits. What is typed stays as typed; arrow keys step it. */
export function NumberField({ value, onChange, className, ...props }: NumberFieldProps) {
  const [text, setText] = useState(value === null ? "" : String(value));
  const typed = toNumber(text);
  const shown = typed === value ? text : value === null ? "" : String(value);
  return (
    <Input
      {...props}
      type="number"
      inputMode={
        props.step === undefined || Number.isInteger(Number(props.step)) ? "numeric" : "decimal"
      }
      value={shown}
      onChange={(event) => {
        setText(event.target.value);
        onChange(toNumber(event.target.value));
      }}
      className={cn("font-mono tabular-nums", className)}
    />
  );
}

function toNumber(text: string): number | null {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? null : number;
}
