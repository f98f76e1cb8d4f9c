import { Grid2x2, Grid3x3, Square } from "lucide-react";
import { useStored } from "@/lib/stored";
import { ToggleGroup } from "@/ui/toggle-group";

const SIZES = ["small", "medium", "large"] as const;
export type Density = (typeof SIZES)[number];

/** The height of a row, on a phone and on a wide screen. */
const HEIGHTS: Record<Density, [number, number]> = {
  small: [96, 150],
  medium: [156, 236],
  large: [280, 360],
};
const WIDE = 640;

/** How large the pictures of the grids are; kept in this browser. */
export function useDensity(): [Density, (density: Density) => void] {
  const [stored, store] = useStored("gallery-density");
  return [SIZES.find((size) => size === stored) ?? "medium", store];
}

export function rowHeightOf(density: Density, width = innerWidth): number {
  const [narrow, wide] = HEIGHTS[density];
  return width < WIDE ? narrow : wide;
}

const CHOICES = [
  { value: "small", label: "Small pictures", icon: Grid3x3 },
  { value: "medium", label: "Medium pictures", icon: Grid2x2 },
  { value: "large", label: "Large pictures", icon: Square },
] as const;

export function DensityControl() {
  const [density, setDensity] = useDensity();
  return (
    <ToggleGroup
      aria-label="Size of the pictures"
      choices={CHOICES.map(({ value, label, icon: Icon }) => ({
        value,
        label,
        content: (
          <span title={label} className="grid">
            <Icon aria-hidden />
          </span>
        ),
      }))}
      value={density}
      onChange={setDensity}
      itemClassName="w-9 px-0"
    />
  );
}
