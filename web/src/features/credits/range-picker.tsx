import { useId } from "react";
import { Button } from "@/ui/button";
import { Label } from "@/ui/field";
import { Input } from "@/ui/input";
import { lastDays, readUsageSearch, spanOf, type UsageSearch } from "./usage-search";

const SPANS = [
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "A year" },
];

type RangePickerProps = {
  search: UsageSearch;
  onSearch: (search: UsageSearch) => void;
};

/** Which days are added up: some of the last, or any two. */
export function RangePicker({ search, onSearch }: RangePickerProps) {
  const span = spanOf(search);
  const set = (part: UsageSearch) => onSearch(readUsageSearch({ ...search, ...part }));
  return (
    <fieldset aria-label="Days to show" className="flex min-w-0 flex-wrap items-end gap-3">
      <div className="flex flex-wrap gap-1">
        {SPANS.map(({ days, label }) => {
          const its = lastDays(days);
          const chosen = its.from === span.from && its.to === span.to;
          return (
            <Button
              key={days}
              size="sm"
              variant={chosen ? "secondary" : "ghost"}
              aria-pressed={chosen}
              onClick={() => set(its)}
            >
              {label}
            </Button>
          );
        })}
      </div>
      <div className="grid w-full grid-cols-2 gap-3 sm:flex sm:w-auto sm:flex-1 sm:justify-end">
        <Day label="From" value={span.from} onChange={(from) => set({ from, to: span.to })} />
        <Day label="To" value={span.to} onChange={(to) => set({ from: span.from, to })} />
      </div>
    </fieldset>
  );
}

type DayProps = { label: string; value: string; onChange: (day: string) => void };

function Day({ label, value, onChange }: DayProps) {
  const id = useId();
  return (
    <div className="grid min-w-0 gap-1 sm:flex sm:items-center sm:gap-2">
      <Label htmlFor={id} className="font-normal text-muted-foreground">
        {label}
      </Label>
      <Input
        id={id}
        type="date"
        value={value}
        required
        onChange={(event) => {
          if (event.target.value) onChange(event.target.value);
        }}
        className="min-w-0 sm:w-38"
      />
    </div>
  );
}
