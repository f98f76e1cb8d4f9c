import { useState } from "react";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { daysOf, type Period, periodOf } from "../days";
import type { ImageFilter, Narrowing } from "../image-filter";

const PERIODS: { value: Period; label: string }[] = [
  { value: "any", label: "Any time" },
  { value: "today", label: "Today" },
  { value: "week", label: "Last 7 days" },
  { value: "month", label: "Last 30 days" },
  { value: "year", label: "This year" },
  { value: "own", label: "Between two days" },
];

type WhenFilterProps = { filter: ImageFilter; onChange: (change: Narrowing) => void };

export function WhenFilter({ filter, onChange }: WhenFilterProps) {
  const [own, setOwn] = useState(false);
  const period = own ? "own" : periodOf(filter);
  const choose = (next: Period) => {
    setOwn(next === "own");
    if (next !== "own") onChange({ from: undefined, to: undefined, ...daysOf(next) });
  };
  return (
    <div className="grid gap-2 px-1">
      <Select aria-label="When" options={PERIODS} value={period} onChange={choose} />
      {period === "own" ? (
        <div className="grid gap-2">
          <Day
            label="From day"
            value={filter.from}
            max={filter.to}
            onChange={(from) => onChange({ from })}
          />
          <Day
            label="To day"
            value={filter.to}
            min={filter.from}
            onChange={(to) => onChange({ to })}
          />
        </div>
      ) : null}
    </div>
  );
}

type DayProps = {
  label: string;
  value: string | undefined;
  min?: string | undefined;
  max?: string | undefined;
  onChange: (day: string | undefined) => void;
};

function Day({ label, value, onChange, ...limits }: DayProps) {
  return (
    <Input
      type="date"
      aria-label={label}
      {...limits}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
      className="min-w-0"
    />
  );
}
