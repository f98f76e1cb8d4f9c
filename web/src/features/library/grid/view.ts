/** How the pictures of the grids look and how large they are: as the address says, else as last chosen in this browser. */
import { useStored } from "@/lib/stored";
import type { ImageFilter } from "../image-filter";
import { DENSITIES, type Density, LOOKS, type Look } from "./arrangement";

export type View = { look: Look; density: Density };

const lookOf = (name: unknown): Look | undefined => LOOKS.find((look) => look === name);
const densityOf = (name: unknown): Density | undefined =>
  DENSITIES.find((density) => density === name);

/** The part of an address that says how pictures look. */
export function readView({ view, size }: Record<string, unknown>) {
  return { view: lookOf(view), size: densityOf(size) };
}

export function useView({ view, size }: Pick<ImageFilter, "view" | "size">): {
  look: Look;
  density: Density;
  keep: (view: Partial<View>) => void;
} {
  const [look, keepLook] = useStored("gallery-look");
  const [density, keepDensity] = useStored("gallery-density");
  return {
    look: view ?? lookOf(look) ?? "rows",
    density: size ?? densityOf(density) ?? "medium",
    keep: (next) => {
      if (next.look) keepLook(next.look);
      if (next.density) keepDensity(next.density);
    },
  };
}
