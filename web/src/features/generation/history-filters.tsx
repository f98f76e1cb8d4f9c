import { Search, X } from "lucide-react";
import { useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { useModels } from "@/features/catalogue/models";
import { useShortcuts } from "@/lib/shortcuts";
import { Button } from "@/ui/button";
import { Label } from "@/ui/field";
import { Input } from "@/ui/input";
import { Select } from "@/ui/select";
import { type HistorySearch, readSearch, STATUS_NAMES, STATUSES } from "./history-search";

const QUIET_MS = 300;

type HistoryFiltersProps = {
  search: HistorySearch;
  onSearch: (search: HistorySearch) => void;
};

export function HistoryFilters({ search, onSearch }: HistoryFiltersProps) {
  const models = useModels();
  const set = (part: Record<string, string>) => onSearch(readSearch({ ...search, ...part }));
  const statuses = STATUSES.map((value) => ({
    value: value as string,
    label: STATUS_NAMES[value],
  }));
  const offered = (models.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (search.model && !offered.some(({ value }) => value === search.model))
    offered.push({ value: search.model, label: search.model });
  return (
    <search className="flex flex-wrap items-end gap-3">
      <Words value={search.q ?? ""} onChange={(q) => set({ q })} />
      <Select
        aria-label="Status"
        options={[{ value: "", label: "Any status" }, ...statuses]}
        value={search.status ?? ""}
        onChange={(status) => set({ status })}
        className="min-w-32 flex-1 sm:flex-none"
      />
      <Select
        aria-label="Model"
        options={[{ value: "", label: "Any model" }, ...offered]}
        value={search.model ?? ""}
        onChange={(model) => set({ model })}
        className="min-w-32 flex-1 sm:flex-none"
      />
      <Day label="From" value={search.after} onChange={(after) => set({ after })} />
      <Day label="To" value={search.before} onChange={(before) => set({ before })} />
      {Object.keys(search).length > 0 ? (
        <Button variant="ghost" onClick={() => onSearch({})} className="px-3">
          <X aria-hidden /> Clear
        </Button>
      ) : null}
    </search>
  );
}

/** Searches as soon as the typing pauses. */
function Words({ value, onChange }: { value: string; onChange: (words: string) => void }) {
  const [text, setText] = useState(value);
  const [last, setLast] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  if (value !== last) {
    setLast(value);
    if (value !== text.trim()) setText(value);
  }
  const change = useEffectEvent((words: string) => words !== value && onChange(words));
  useEffect(() => {
    const timer = setTimeout(() => change(text.trim()), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useShortcuts({ "/": () => field.current?.focus() });
  return (
    <div className="relative min-w-56 flex-[2]">
      <Search
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-3 my-auto size-4 text-muted-foreground"
      />
      <Input
        ref={field}
        type="search"
        aria-label="Search the prompts"
        aria-keyshortcuts="/"
        placeholder="Search the prompts"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="pl-9"
      />
    </div>
  );
}

type DayProps = { label: string; value: string | undefined; onChange: (day: string) => void };

function Day({ label, value = "", onChange }: DayProps) {
  const id = useId();
  return (
    <div className="grid min-w-34 flex-1 gap-1 sm:flex sm:flex-none sm:items-center sm:gap-2">
      <Label htmlFor={id} className="font-normal text-muted-foreground">
        {label}
      </Label>
      <Input
        id={id}
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 sm:w-38"
      />
    </div>
  );
}
