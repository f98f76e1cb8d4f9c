import { Field } from "@/ui/field";
import { Slider } from "@/ui/slider";
import { Switch } from "@/ui/switch";

type StrengthFieldProps = {
  /** From 0 to 1; null is left to the operation. */
  value: number | null;
  onChange: (value: number | null) => void;
  optional: boolean;
  error: string | undefined;
};

/** How much of a picture changes. Where it is optional, a switch says whether the picture is painted over at all. */
export function StrengthField({ value, onChange, optional, error }: StrengthFieldProps) {
  return (
    <div className="grid gap-3">
      {optional ? (
        <div className="flex items-center justify-between gap-4 text-sm font-medium">
          <span id="paint-over">Stay close to the picture</span>
          <Switch
            aria-labelledby="paint-over"
            checked={value !== null}
            onChange={(on) => onChange(on ? 0.35 : null)}
          />
        </div>
      ) : null}
      {value === null ? null : (
        <Field
          label="Strength"
          error={error}
          help="0 gives the picture back, 100 leaves nothing of it."
          aside={
            <output className="font-mono text-xs tabular-nums">{Math.round(value * 100)}</output>
          }
        >
          {(control) => (
            <Slider
              {...control}
              min={0}
              max={100}
              value={Math.round(value * 100)}
              onChange={(percent) => onChange(percent / 100)}
            />
          )}
        </Field>
      )}
    </div>
  );
}
