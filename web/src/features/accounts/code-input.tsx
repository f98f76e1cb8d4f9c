import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { Input } from "@/ui/input";

type CodeInputProps = Omit<ComponentProps<"input">, "type"> & {
  /** For a recovery code, which has letters. */
  recovery?: boolean;
};

/** A field for a one-time code, which phones fill in by themselves. */
export function CodeInput({ recovery = false, className, ...props }: CodeInputProps) {
  return (
    <Input
      type="text"
      inputMode={recovery ? "text" : "numeric"}
      autoComplete={recovery ? "off" : "one-time-code"}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      maxLength={40}
      placeholder={recovery ? "xxxx-xxxx-xxxx-xxxx" : "123 456"}
      {...props}
      className={cn("font-mono tracking-widest", className)}
    />
  );
}
