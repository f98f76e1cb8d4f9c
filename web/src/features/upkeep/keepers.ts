/** Which picture of a group stays, by a rule. */
import type { ImageOut } from "@/api/types.gen";

export const RULES = ["best", "favourite", "largest", "oldest"] as const;
export type Rule = (typeof RULES)[number];

export const RULE_NAMES: Record<Rule, string> = {
  best: "Best rated",
  favourite: "Favourites",
  largest: "Largest",
  oldest: "Oldest",
};

type Measure = (image: ImageOut) => number;

const favourite: Measure = ({ is_favorite }) => Number(is_favorite);
const stars: Measure = ({ rating }) => rating ?? 0;
const pixels: Measure = ({ width, height }) => width * height;
const bytes: Measure = ({ file_size }) => file_size;
const age: Measure = ({ created_at }) => -Date.parse(created_at);
const inUse: Measure = ({ project_id }) => Number(project_id !== null);

/** What counts first, and what decides between equals. */
const ORDER: Record<Rule, readonly Measure[]> = {
  best: [stars, favourite, pixels, inUse, bytes, age],
  favourite: [favourite, stars, pixels, inUse, bytes, age],
  largest: [pixels, bytes, favourite, stars, inUse, age],
  oldest: [age, favourite, stars, pixels, inUse, bytes],
};

/** The ids of those that stay: the first by the rule; of favourites all, where that is the rule. */
export function keptBy(images: readonly ImageOut[], rule: Rule): ReadonlySet<string> {
  const favourites = images.filter(({ is_favorite }) => is_favorite);
  if (rule === "favourite" && favourites.length > 0) return new Set(favourites.map(({ id }) => id));
  const [first] = images.toSorted((one, other) => {
    for (const measure of ORDER[rule]) {
      const apart = measure(other) - measure(one);
      if (apart !== 0) return apart;
    }
    return one.id < other.id ? -1 : 1;
  });
  return new Set(first ? [first.id] : []);
}
