import { useMemo, useRef } from "react";
import { Skeleton } from "@/ui/skeleton";
import { arrange, type Density, type Look } from "./arrangement";
import { useGridWidth } from "./use-grid-window";

const SHAPES = [1000, 670, 1500, 750, 1000, 1780, 560, 1330, 1000, 670, 1500, 1000, 750, 1330];
/** More boxes than any first screen has. */
const ENOUGH = 80;

type GridSkeletonProps = {
  look: Look;
  density: Density;
  /** How much of the height of the window is filled. */
  share?: number;
};

/** Boxes in the look of pictures to come. */
export function GridSkeleton({ look, density, share = 0.9 }: GridSkeletonProps) {
  const grid = useRef<HTMLDivElement>(null);
  const width = useGridWidth(grid);
  const arrangement = useMemo(() => {
    const ratios = Array.from({ length: ENOUGH }, (_, at) => SHAPES[at % SHAPES.length] ?? 1000);
    return arrange(ratios, look, density, width);
  }, [width, look, density]);
  const height = innerHeight * share;
  return (
    <div ref={grid} className="relative overflow-hidden" style={{ height }}>
      {arrangement.visible(0, height).map((index) => {
        const { left, top, width: wide, height: tall } = arrangement.boxOf(index);
        const place = { left, top, width: wide, height: look === "list" ? tall - 8 : tall };
        return <Skeleton key={index} className="absolute rounded-lg" style={place} />;
      })}
    </div>
  );
}
