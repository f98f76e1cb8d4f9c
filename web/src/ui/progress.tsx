import { cn } from "@/lib/cn";

type ProgressProps = {
  /** 0 to 100; null while how far is unknown. */
  value: number | null;
  /** What goes on, in words: "Drawing, step 3 of 20". */
  label: string;
  className?: string;
};

export function Progress({ value, label, className }: ProgressProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value ?? undefined}
      className={cn("h-1.5 overflow-hidden rounded-full bg-muted", className)}
    >
      <div
        style={value === null ? undefined : { transform: `scaleX(${value / 100})` }}
        className={cn(
          "h-full origin-left rounded-full bg-primary transition-transform duration-300 ease-studio",
          value === null && "progress-unknown w-1/3",
        )}
      />
    </div>
  );
}
