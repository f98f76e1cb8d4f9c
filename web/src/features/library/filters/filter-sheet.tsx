import { Button } from "@/ui/button";
import { Sheet } from "@/ui/sheet";
import type { ImageFilter } from "../image-filter";
import { FilterPanel } from "./filter-panel";

type FilterSheetProps = {
  filter: ImageFilter;
  onChange: (filter: ImageFilter) => void;
  count: string;
  onClose: () => void;
};

export function FilterSheet({ count, onClose, ...panel }: FilterSheetProps) {
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title="Filters"
      footer={
        <Button onClick={onClose} className="w-full">
          {count ? `Show ${count}` : "Show pictures"}
        </Button>
      }
    >
      <FilterPanel {...panel} />
    </Sheet>
  );
}
