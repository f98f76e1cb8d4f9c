import { Columns3, Grid2x2, Grid3x3, LayoutGrid, List, Rows3, Square } from "lucide-react";
import { ToggleGroup } from "@/ui/toggle-group";
import type { Density, Look } from "./arrangement";
import type { View } from "./view";

const LOOKS = [
  { value: "rows", label: "Rows", icon: Rows3 },
  { value: "grid", label: "Grid", icon: LayoutGrid },
  { value: "masonry", label: "Masonry", icon: Columns3 },
  { value: "list", label: "List", icon: List },
] as const;

const SIZES = [
  { value: "small", label: "Small pictures", icon: Grid3x3 },
  { value: "medium", label: "Medium pictures", icon: Grid2x2 },
  { value: "large", label: "Large pictures", icon: Square },
] as const;

type LookControlProps = { look: Look; onChange: (view: Partial<View>) => void };

/** How the pictures are arranged. */
export function LookControl({ look, onChange }: LookControlProps) {
  return (
    <ToggleGroup
      aria-label="Arrangement"
      choices={LOOKS.map(withIcon)}
      value={look}
      onChange={(next) => onChange({ look: next })}
      itemClassName="w-9 px-0"
    />
  );
}

type DensityControlProps = { density: Density; onChange: (view: Partial<View>) => void };

/** How large the pictures are. */
export function DensityControl({ density, onChange }: DensityControlProps) {
  return (
    <ToggleGroup
      aria-label="Size of the pictures"
      choices={SIZES.map(withIcon)}
      value={density}
      onChange={(next) => onChange({ density: next })}
      itemClassName="w-9 px-0"
    />
  );
}

function withIcon<Value extends string>(choice: {
  value: Value;
  label: string;
  icon: typeof Square;
}) {
  const { value, label, icon: Icon } = choice;
  const content = (
    <span title={label} className="grid">
      <Icon aria-hidden />
    </span>
  );
  return { value, label, content };
}
