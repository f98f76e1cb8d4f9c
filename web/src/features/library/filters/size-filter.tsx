import { useEffect, useState } from "react";
import { Input } from "@/ui/input";
import type { Bound, ImageFilter, Narrowing } from "../image-filter";

type SizeFilterProps = { filter: ImageFilter; onChange: (change: Narrowing) => void };

const SIDES: { name: string; least: Bound; most: Bound }[] = [
  { name: "Width", least: "width_min", most: "width_max" },
  { name: "Height", least: "height_min", most: "height_max" },
];

/** Bounds in pixels; a number counts when one leaves its field or presses Enter. */
export function SizeFilter({ filter, onChange }: SizeFilterProps) {
  return (
    <div className="grid gap-2 px-1">
      {SIDES.map(({ name, least, most }) => (
        <div
          key={name}
          className="grid grid-cols-[3.5rem_1fr_auto_1fr] items-center gap-1.5 text-sm"
        >
          <span aria-hidden className="pl-1 text-muted-foreground">
            {name}
          </span>
          <Pixels
            label={`${name}, at least`}
            value={filter[least]}
            onChange={(value) => onChange({ [least]: value })}
          />
          <span aria-hidden className="text-muted-foreground">
            –
          </span>
          <Pixels
            label={`${name}, at most`}
            value={filter[most]}
            onChange={(value) => onChange({ [most]: value })}
          />
        </div>
      ))}
    </div>
  );
}

type PixelsProps = {
  label: string;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
};

function Pixels({ label, value, onChange }: PixelsProps) {
  const [text, setText] = useState(value === undefined ? "" : String(value));
  useEffect(() => setText(value === undefined ? "" : String(value)), [value]);
  const take = () => {
    const number = Math.round(Number(text));
    const next = text.trim() === "" || !(number >= 1) ? undefined : Math.min(number, 1_000_000);
    if (next !== value) onChange(next);
    setText(next === undefined ? "" : String(next));
  };
  return (
    <Input
      inputMode="numeric"
      aria-label={label}
      placeholder="any"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
      className="h-9 min-w-0 px-2 text-center"
    />
  );
}
