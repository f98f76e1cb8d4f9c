import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cn } from "@/lib/cn";
import { formatNumber } from "@/lib/format";
import type { Facet } from "./facets";

/** So many values are shown before one asks for more. */
const FEW = 6;

type FacetListProps = {
  facets: readonly Facet[];
  chosen: readonly string[];
  onToggle: (value: string) => void;
  labelOf?: (value: string) => ReactNode;
  /** What stands there when there is nothing to choose from. */
  empty?: string;
};

/** The values of a field, each with how many pictures it leaves. */
export function FacetList({ facets, chosen, onToggle, labelOf, empty }: FacetListProps) {
  const [all, setAll] = useState(false);
  // What is chosen stays in view, even where it leaves nothing.
  const missing = chosen.filter((value) => !facets.some((facet) => facet.value === value));
  const values = [...missing.map((value) => ({ value, count: 0 })), ...facets];
  const shown = all
    ? values
    : values.filter(({ value }, index) => index < FEW || chosen.includes(value));
  if (values.length === 0)
    return empty ? <p className="px-2 text-sm text-muted-foreground">{empty}</p> : null;
  return (
    <>
      <ul className="grid gap-0.5">
        {shown.map(({ value, count }) => {
          const on = chosen.includes(value);
          return (
            <li key={value}>
              <button
                type="button"
                aria-pressed={on}
                onClick={() => onToggle(value)}
                className={cn(
                  "flex min-h-8 w-full items-center gap-2 rounded-lg px-2 py-1 text-left text-sm hover:bg-accent hover:text-accent-foreground",
                  on && "bg-primary-soft font-medium text-primary-soft-foreground",
                )}
              >
                <span className="min-w-0 flex-1 truncate">{labelOf?.(value) ?? value}</span>
                {on ? <Check aria-hidden className="size-4 shrink-0" /> : null}
                <span className="shrink-0 text-xs tabular-nums opacity-80">
                  {formatNumber(count)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {values.length > shown.length || all ? (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="mt-1 rounded-md px-2 py-1 text-sm font-medium text-primary-text hover:underline"
        >
          {all ? "Show fewer" : `Show all ${values.length}`}
        </button>
      ) : null}
    </>
  );
}
