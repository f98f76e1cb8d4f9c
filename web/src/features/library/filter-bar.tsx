import { useQuery } from "@tanstack/react-query";
import { SlidersHorizontal, X } from "lucide-react";
import { useId, useState, useSyncExternalStore } from "react";
import { listModelsOptions } from "@/api/@tanstack/react-query.gen";
import { cn } from "@/lib/cn";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import type { View } from "./grid/view";
import { ViewControl } from "./grid/view-control";
import {
  ASPECTS,
  type Aspect,
  daysOf,
  type ImageFilter,
  narrows,
  type Period,
  periodOf,
} from "./image-filter";

type FilterBarProps = {
  filter: ImageFilter;
  onChange: (filter: ImageFilter) => void;
  /** "63 pictures"; empty while that is not known. */
  count: string;
  view: View;
  onView: (view: Partial<View>) => void;
};

const SHAPES: { value: Aspect | "any"; label: string }[] = [
  { value: "any", label: "Any shape" },
  ...ASPECTS.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
];
const PERIODS: { value: Period; label: string }[] = [
  { value: "any", label: "Any time" },
  { value: "today", label: "Today" },
  { value: "week", label: "Last 7 days" },
  { value: "month", label: "Last 30 days" },
  { value: "year", label: "This year" },
  { value: "own", label: "Between two days" },
];
const ORDERS = [
  { value: "desc", label: "Newest first" },
  { value: "asc", label: "Oldest first" },
] as const;

/** From this width on the filters are always in view. */
const WIDE = 1024;
const isWide = () => innerWidth >= WIDE;
function watchWidth(listener: () => void) {
  addEventListener("resize", listener);
  return () => removeEventListener("resize", listener);
}

/** What is shown, of which and in which order. On a phone the filters fold away. */
export function FilterBar({ filter, onChange, count, view, onView }: FilterBarProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const wide = useSyncExternalStore(watchWidth, isWide);
  const active = [filter.aspect, filter.model, filter.from ?? filter.to].filter(Boolean).length;
  return (
    <div className="mb-4 grid gap-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-3 sm:gap-x-3">
        <p role="status" className="mr-auto text-sm text-muted-foreground tabular-nums">
          {count}
        </p>
        <Button
          variant="secondary"
          aria-label={active > 0 ? `Filters, ${active} active` : "Filters"}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="lg:hidden"
        >
          <SlidersHorizontal aria-hidden />
          <span className="max-[26rem]:hidden">Filters</span>
          {active > 0 ? <Badge kind="primary">{active}</Badge> : null}
        </Button>
        <div className="order-1 lg:order-2">
          <ViewControl {...view} onChange={onView} />
        </div>
        <section
          id={id}
          aria-label="Filters"
          className={cn(
            "order-2 w-full grid-cols-2 gap-2 lg:order-1 lg:flex lg:w-auto lg:flex-wrap lg:items-center",
            open ? "grid" : "hidden",
          )}
        >
          {open || wide ? <Filters filter={filter} onChange={onChange} /> : null}
        </section>
      </div>
    </div>
  );
}

type FiltersProps = Pick<FilterBarProps, "filter" | "onChange">;

function Filters({ filter, onChange }: FiltersProps) {
  const [own, setOwn] = useState(false);
  const { aspect, model, order } = filter;
  const period = own ? "own" : periodOf(filter);
  const choosePeriod = (next: Period) => {
    setOwn(next === "own");
    if (next !== "own") onChange({ ...without(filter, "from", "to"), ...daysOf(next) });
  };
  return (
    <>
      {narrows(filter) ? (
        <Button
          variant="ghost"
          size="md"
          onClick={() => {
            setOwn(false);
            onChange(without(filter, "aspect", "model", "from", "to"));
          }}
          className="max-lg:order-last max-lg:col-span-2"
        >
          <X aria-hidden /> Clear filters
        </Button>
      ) : null}
      <Select
        aria-label="Shape"
        options={SHAPES}
        value={aspect ?? "any"}
        onChange={(next) =>
          onChange(next === "any" ? without(filter, "aspect") : { ...filter, aspect: next })
        }
      />
      <ModelSelect
        model={model}
        onChange={(next) => onChange(next ? { ...filter, model: next } : without(filter, "model"))}
      />
      <Select aria-label="When" options={PERIODS} value={period} onChange={choosePeriod} />
      {period === "own" ? <OwnDays filter={filter} onChange={onChange} /> : null}
      <Select
        aria-label="Order"
        options={ORDERS}
        value={order ?? "desc"}
        onChange={(next) =>
          onChange(next === "asc" ? { ...filter, order: next } : without(filter, "order"))
        }
      />
    </>
  );
}

function ModelSelect({
  model,
  onChange,
}: {
  model: string | undefined;
  onChange: (model: string | null) => void;
}) {
  const { data } = useQuery(listModelsOptions());
  const known = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  // One in the address that is not installed any more may still have made pictures.
  const stray = model && !known.some(({ value }) => value === model);
  const options = [
    { value: "", label: "Any model" },
    ...known,
    ...(stray ? [{ value: model, label: model }] : []),
  ];
  return (
    <Select
      aria-label="Model"
      options={options}
      value={model ?? ""}
      onChange={(next) => onChange(next || null)}
      className="lg:max-w-48"
    />
  );
}

function OwnDays({ filter, onChange }: FiltersProps) {
  const set = (name: "from" | "to") => (day: string) =>
    onChange(day ? { ...filter, [name]: day } : without(filter, name));
  return (
    <div className="flex items-center gap-2 text-sm text-muted-foreground max-lg:col-span-2">
      <Day label="From day" value={filter.from} max={filter.to} onChange={set("from")} />
      <span aria-hidden>–</span>
      <Day label="To day" value={filter.to} min={filter.from} onChange={set("to")} />
    </div>
  );
}

type DayProps = {
  label: string;
  value: string | undefined;
  min?: string | undefined;
  max?: string | undefined;
  onChange: (day: string) => void;
};

function Day({ label, value, onChange, ...limits }: DayProps) {
  return (
    <Input
      type="date"
      aria-label={label}
      {...limits}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value)}
      className="min-w-0 lg:w-38"
    />
  );
}

function without<Name extends keyof ImageFilter>(filter: ImageFilter, ...names: Name[]) {
  return Object.fromEntries(
    Object.entries(filter).filter(([name]) => !names.includes(name as Name)),
  ) as ImageFilter;
}
