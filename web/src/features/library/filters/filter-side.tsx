import { lazy, Suspense } from "react";
import { Skeleton } from "@/ui/skeleton";
import type { ImageFilter } from "../image-filter";

const FilterPanel = lazy(() =>
  import("./filter-panel").then((module) => ({ default: module.FilterPanel })),
);
const FilterSheet = lazy(() =>
  import("./filter-sheet").then((module) => ({ default: module.FilterSheet })),
);

type FilterSideProps = {
  id: string;
  /** Beside the pictures; else over them. */
  wide: boolean;
  open: boolean;
  onClose: () => void;
  filter: ImageFilter;
  count: string;
  onChange: (filter: ImageFilter) => void;
};

/** The filters: at the side where there is room, in a drawer on a phone. Their code comes when they are wanted. */
export function FilterSide({ id, wide, open, onClose, count, ...panel }: FilterSideProps) {
  if (!open) return null;
  if (!wide) {
    return (
      <Suspense>
        <FilterSheet count={count} onClose={onClose} {...panel} />
      </Suspense>
    );
  }
  return (
    <aside
      id={id}
      aria-label="Filters"
      className="sticky top-14 max-h-[calc(100dvh-3.5rem)] w-60 shrink-0 overflow-y-auto overscroll-contain border-r py-5 pr-3 pl-3"
    >
      <Suspense fallback={<Waiting />}>
        <FilterPanel {...panel} />
      </Suspense>
    </aside>
  );
}

export function Waiting() {
  return (
    <div role="status" aria-label="Loading the filters" className="grid gap-4">
      {[20, 12, 16, 40, 40].map((height, at) => (
        <Skeleton
          // biome-ignore lint/suspicious/noArrayIndexKey: the boxes have nothing else to tell them apart.
          key={at}
          className="rounded-lg"
          style={{ height: height * 4 }}
        />
      ))}
    </div>
  );
}
