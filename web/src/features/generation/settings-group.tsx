import { type ReactNode, useId } from "react";
import { FieldError } from "@/ui/field";

type GroupProps = {
  label: string;
  error?: string | undefined;
  /** Beside the label, at the right. */
  aside?: ReactNode;
  children: (labelId: string) => ReactNode;
};

/** Several controls under one name. */
export function Group({ label, error, aside, children }: GroupProps) {
  const id = useId();
  return (
    <div className="grid min-w-0 gap-1.5">
      <div className="flex items-baseline justify-between gap-4">
        <span id={id} className="text-sm font-medium">
          {label}
        </span>
        {aside}
      </div>
      {children(id)}
      {error ? <FieldError>{error}</FieldError> : null}
    </div>
  );
}
