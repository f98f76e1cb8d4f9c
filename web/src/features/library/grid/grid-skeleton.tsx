import { useMemo, useRef } from "react";
import { Skeleton } from "@/ui/skeleton";
import { boxOf, layOut } from "./justified";
import { useGridWidth } from "./use-grid-window";

const SHAPES = [1, 0.67, 1.5, 0.75, 1, 1.78, 0.56, 1.33, 1, 0.67, 1.5, 1, 0.75, 1.33, 1, 0.56];

/** Rows in the look of pictures to come. */
export function GridSkeleton({
  rowHeight,
  rows: wanted = 4,
}: {
  rowHeight: number;
  rows?: number;
}) {
  const grid = useRef<HTMLDivElement>(null);
  const width = useGridWidth(grid);
  const rows = useMemo(() => {
    const enough = Math.ceil((width * wanted) / rowHeight) + 1;
    const ratios = Array.from({ length: enough }, (_, index) => SHAPES[index % SHAPES.length] ?? 1);
    return layOut(ratios, { width, rowHeight, gap: width < 640 ? 6 : 10 });
  }, [width, rowHeight, wanted]);
  const count = rows.first[Math.min(wanted, rows.rows)] ?? 0;
  return (
    <div ref={grid} className="relative" style={{ height: rows.top[Math.min(wanted, rows.rows)] }}>
      {Array.from({ length: count }, (_, index) => {
        const { left, top, width: wide, height } = boxOf(rows, index);
        return (
          <Skeleton
            // biome-ignore lint/suspicious/noArrayIndexKey: the boxes have nothing else to tell them apart.
            key={index}
            className="absolute rounded-lg"
            style={{ left, top, width: wide, height }}
          />
        );
      })}
    </div>
  );
}
