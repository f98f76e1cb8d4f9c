import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown } from "lucide-react";
import { cn } from "@/lib/cn";
import { inputStyle } from "./input";
import { itemStyle, popupStyle } from "./overlay-style";
import type { RichOption } from "./rich-select";

/** A `RichSelect` of many options: typing finds those whose words it begins. */
export type SearchOption = RichOption<string> & {
  /** What it is found by. */
  words: string;
};

type SearchSelectProps = {
  options: readonly SearchOption[];
  value: string;
  onChange: (value: string) => void;
  /** What the field to type in is called. */
  search: string;
  /** What stands there when nothing is found. */
  empty: string;
  id?: string;
  "aria-invalid"?: true | undefined;
  "aria-describedby"?: string | undefined;
};

export function SearchSelect(props: SearchSelectProps) {
  const { options, value, onChange, search, empty, ...trigger } = props;
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <Base.Root
      items={options}
      value={chosen}
      onValueChange={(next) => next && onChange(next.value)}
      filter={({ words }, query) => findsIn(words, query)}
      autoHighlight
    >
      <Base.Trigger
        {...trigger}
        className={cn(inputStyle, "flex h-10 items-center justify-between gap-2 text-left")}
      >
        <span className="truncate">{chosen?.label}</span>
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none" sideOffset={6}>
          <Base.Popup
            aria-label={search}
            className={cn(
              popupStyle,
              "flex max-h-[min(28rem,var(--available-height))] w-[var(--anchor-width)] flex-col",
            )}
          >
            <div className="border-b p-1.5">
              <Base.Input
                aria-label={search}
                placeholder={search}
                className="h-9 w-full rounded-lg bg-transparent px-2.5 text-base outline-none placeholder:text-muted-foreground sm:text-sm"
              />
            </div>
            <Base.Empty className="px-4 py-3 text-sm text-muted-foreground empty:p-0">
              {empty}
            </Base.Empty>
            <Base.List className="min-h-0 overflow-y-auto p-1.5 empty:p-0">
              {(option: SearchOption) => (
                <Base.Item
                  key={option.value}
                  value={option}
                  disabled={option.disabled ?? false}
                  className={itemStyle}
                >
                  <span className="grid min-w-0 flex-1">
                    {option.label}
                    {option.hint ? (
                      <span className="text-xs text-muted-foreground">{option.hint}</span>
                    ) : null}
                  </span>
                  <Base.ItemIndicator className="text-primary-text">
                    <Check aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Whether every word of the query begins a word of the text, whatever the case. */
export function findsIn(text: string, query: string): boolean {
  const has = text.toLowerCase().split(/[^\p{L}\p{N}.]+/u);
  const wanted = query
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+/u)
    .filter(Boolean);
  return wanted.every((word) => has.some((each) => each.startsWith(word)));
}
