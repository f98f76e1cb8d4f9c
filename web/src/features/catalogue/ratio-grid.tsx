import { Scaling } from "lucide-react";
import { useId } from "react";
import type { SizesOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { offeredRatios, type Ratio, sizeText } from "./sizes";

type RatioGridProps = {
  sizes: SizesOut;
  value: Ratio | "custom";
  onChange: (shape: Ratio | "custom") => void;
  /** Whether the model takes sizes of one's own. */
  custom: boolean;
  labelledBy: string;
};

/** The shapes of a model, drawn, each with the size that it comes in. */
export function RatioGrid({ sizes, value, onChange, custom, labelledBy }: RatioGridProps) {
  const group = useId();
  const choices: (Ratio | "custom")[] = offeredRatios(sizes);
  if (custom) choices.push("custom");
  return (
    <div role="radiogroup" aria-labelledby={labelledBy} className="grid grid-cols-3 gap-2">
      {choices.map((choice) => {
        const size = choice === "custom" ? undefined : sizes.aspect_ratios[choice];
        return (
          <label key={choice} className={tileStyle}>
            <input
              type="radio"
              name={group}
              checked={choice === value}
              onChange={() => onChange(choice)}
              className="sr-only"
            />
            <span aria-hidden className="grid h-7 place-items-center">
              {choice === "custom" ? (
                <Scaling className="size-5" strokeWidth={1.75} />
              ) : (
                <Shape ratio={choice} />
              )}
            </span>
            <span className="text-sm font-medium text-foreground">
              {choice === "custom" ? "Custom" : choice}
            </span>
            <span className="text-xs tabular-nums">
              {size ? sizeText(size[0], size[1]) : "Own size"}
            </span>
          </label>
        );
      })}
    </div>
  );
}

const tileStyle = cn(
  "relative grid justify-items-center gap-0.5 rounded-lg border bg-card px-1 py-2 text-center text-muted-foreground transition-colors duration-200 ease-studio hover:bg-accent",
  "has-checked:border-primary has-checked:bg-primary-soft has-checked:text-primary-soft-foreground has-checked:ring-1 has-checked:ring-primary",
  "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring",
);

const LONGER = 26;

function Shape({ ratio }: { ratio: Ratio }) {
  const [across = 1, down = 1] = ratio.split(":").map(Number);
  const scale = LONGER / Math.max(across, down);
  return (
    <span
      className="rounded-[3px] border-2 border-current"
      style={{ width: across * scale, height: down * scale }}
    />
  );
}
