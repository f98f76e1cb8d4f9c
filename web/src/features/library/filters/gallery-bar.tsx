import { SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/select";
import type { View } from "../grid/view";
import { DensityControl, LookControl } from "../grid/view-control";
import { type ImageFilter, narrowedBy } from "../image-filter";
import { ActiveFilters } from "./active-filters";
import { SearchField } from "./search-field";
import { inOrder, ORDERS, orderOf } from "./sorting";

type GalleryBarProps = {
  filter: ImageFilter;
  onChange: (filter: ImageFilter, typing?: boolean) => void;
  /** "63 pictures"; empty while that is not known. */
  count: string;
  view: View;
  onView: (view: Partial<View>) => void;
  filters: { open: boolean; toggle: () => void; id: string };
  /** What else can be done with the list. */
  children?: ReactNode;
};

/** Search, filters, order and look of the gallery. */
export function GalleryBar(props: GalleryBarProps) {
  const { filter, onChange, count, view, onView, filters, children } = props;
  const active = narrowedBy(filter).filter((name) => name !== "q").length;
  return (
    <div className="mb-4 grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="flex min-w-0 flex-1 items-center gap-2 max-sm:basis-full sm:basis-80">
          <Button
            variant="secondary"
            aria-label={active > 0 ? `Filters, ${active} active` : "Filters"}
            aria-expanded={filters.open}
            aria-controls={filters.open ? filters.id : undefined}
            onClick={filters.toggle}
          >
            <SlidersHorizontal aria-hidden />
            <span className="max-sm:hidden">Filters</span>
            {active > 0 ? <Badge kind="primary">{active}</Badge> : null}
          </Button>
          <SearchField
            value={filter.q ?? ""}
            onChange={(words) => onChange({ ...filter, q: words || undefined }, true)}
          />
        </div>
        <Select
          aria-label="Order"
          options={ORDERS}
          value={orderOf(filter)}
          onChange={(name) => onChange({ ...filter, ...inOrder(name) })}
          className="w-44 max-sm:min-w-36 max-sm:flex-1"
        />
        <LookControl look={view.look} onChange={onView} />
      </div>
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1.5">
        <p role="status" className="text-sm text-muted-foreground tabular-nums">
          {count}
        </p>
        <ActiveFilters filter={filter} onChange={onChange} />
        <div className="ml-auto flex items-center gap-2">
          {children}
          <DensityControl density={view.density} onChange={onView} />
        </div>
      </div>
    </div>
  );
}
