/** Picture sizes: the shapes a model makes, what it takes besides, and the sizes that other sites ask for. */
import type { GenerateIn, SizesOut } from "@/api/types.gen";

export type Ratio = NonNullable<GenerateIn["aspect_ratio"]>;

export const RATIOS = [
  "1:1",
  "4:3",
  "3:4",
  "3:2",
  "2:3",
  "16:9",
  "9:16",
  "21:9",
] as const satisfies readonly Ratio[];

export type NamedSize = { name: string; width: number; height: number };

export const SOCIAL_SIZES: readonly NamedSize[] = [
  { name: "Instagram square", width: 1080, height: 1080 },
  { name: "Instagram portrait", width: 1080, height: 1350 },
  { name: "Instagram story", width: 1080, height: 1920 },
  { name: "YouTube thumbnail", width: 1280, height: 720 },
  { name: "X post", width: 1600, height: 900 },
  { name: "X header", width: 1500, height: 500 },
  { name: "Facebook cover", width: 1640, height: 624 },
  { name: "LinkedIn banner", width: 1584, height: 396 },
  { name: "Pinterest pin", width: 1000, height: 1500 },
  { name: "Link preview", width: 1200, height: 630 },
  { name: "Phone wallpaper", width: 1080, height: 2400 },
  { name: "Desktop wallpaper", width: 1920, height: 1080 },
];

export type SizeProblems = { width?: string; height?: string };

/** What the model would not take about a size, side by side; empty when it fits. */
export function sizeProblems(
  sizes: SizesOut,
  width: number | null,
  height: number | null,
): SizeProblems {
  if (width !== null && height !== null && sizes.only.length > 0) {
    const known = sizes.only.some(([across, down]) => across === width && down === height);
    return known ? {} : { width: "The model does not make this size." };
  }
  const problems: SizeProblems = {};
  for (const [side, value] of [
    ["width", width],
    ["height", height],
  ] as const) {
    if (value === null || !Number.isInteger(value)) problems[side] = "Enter a whole number.";
    else if (value < sizes.minimum || value > sizes.maximum)
      problems[side] = `Enter ${sizes.minimum} to ${sizes.maximum}.`;
    else if (value % sizes.step !== 0) problems[side] = `Enter a multiple of ${sizes.step}.`;
  }
  if (problems.width || problems.height) return problems;
  const [across, down] = [width ?? 0, height ?? 0];
  const { min_pixels: fewest, max_pixels: most, max_ratio: ratio } = sizes;
  if (typeof most === "number" && across * down > most)
    problems.width = `Together at most ${megapixels(most)} megapixels.`;
  else if (typeof fewest === "number" && across * down < fewest)
    problems.width = `Together at least ${megapixels(fewest)} megapixels.`;
  else if (typeof ratio === "number" && Math.max(across, down) > ratio * Math.min(across, down))
    problems.width = `One side at most ${ratio} times the other.`;
  return problems;
}

export function fits(sizes: SizesOut, width: number | null, height: number | null): boolean {
  return Object.keys(sizeProblems(sizes, width, height)).length === 0;
}

/** The sizes of other sites that the model makes exactly. */
export function socialSizes(sizes: SizesOut): NamedSize[] {
  return SOCIAL_SIZES.filter(({ width, height }) => fits(sizes, width, height));
}

/** The shapes to offer: for a model with a list of sizes, only those that come out as themselves. */
export function offeredRatios(sizes: SizesOut): Ratio[] {
  return RATIOS.filter((ratio) => {
    const size = sizes.aspect_ratios[ratio];
    if (!size || sizes.only.length === 0) return Boolean(size);
    const [across = 1, down = 1] = ratio.split(":").map(Number);
    return Math.abs(Math.log(size[0] / size[1]) - Math.log(across / down)) < 0.06;
  });
}

/** The shape that the model gives exactly this size, if one does. */
export function ratioOfSize(sizes: SizesOut, width: number, height: number): Ratio | null {
  return (
    offeredRatios(sizes).find((ratio) => {
      const size = sizes.aspect_ratios[ratio];
      return size?.[0] === width && size[1] === height;
    }) ?? null
  );
}

/** The offered shape that is nearest to width : height. */
export function nearestRatio(sizes: SizesOut, width: number, height: number): Ratio {
  const far = (ratio: Ratio) => {
    const [across = 1, down = 1] = ratio.split(":").map(Number);
    return Math.abs(Math.log(width / height) - Math.log(across / down));
  };
  const [first = "1:1", ...rest] = offeredRatios(sizes);
  return rest.reduce((best, ratio) => (far(ratio) < far(best) ? ratio : best), first as Ratio);
}

/** 1360 × 768 → "1360 × 768". */
export function sizeText(width: number, height: number): string {
  return `${width} × ${height}`;
}

export function megapixels(pixels: number): number {
  return Math.round(pixels / 10_000) / 100;
}
