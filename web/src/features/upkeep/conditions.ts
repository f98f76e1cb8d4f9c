/** The conditions of a clean-up that have a switch; what else its filter says, a program said, and stays. */
import type { ImageFilter } from "@/api/types.gen";

export type Condition = {
  name: "rated" | "favorite" | "project_id" | "collection_id" | "is_public";
  value: false | "none";
  label: string;
};

export const CONDITIONS: readonly Condition[] = [
  { name: "rated", value: false, label: "Not rated" },
  { name: "favorite", value: false, label: "No favourites" },
  { name: "project_id", value: "none", label: "In no project" },
  { name: "collection_id", value: "none", label: "In no collection" },
  { name: "is_public", value: false, label: "Not public" },
];

export const has = (filter: ImageFilter, { name, value }: Condition): boolean =>
  filter[name] === value;

export function with_(filter: ImageFilter, { name, value }: Condition, on: boolean): ImageFilter {
  return { ...filter, [name]: on ? value : null };
}
