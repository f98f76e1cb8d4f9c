import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

type SliderProps = Omit<ComponentProps<"input">, "type" | "value" | "onChange"> & {
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
};

/** The browser's own range input in the studio's look (the track is drawn in theme.css). */
export function Slider({ value, min, max, onChange, className, ...props }: SliderProps) {
  return (
    <input
      {...props}
      type="range"
      min={min}
      max={max}
      value={value}
      onChange={(event) => onChange(event.target.valueAsNumber)}
      className={cn("slider", className)}
    />
  );
}
