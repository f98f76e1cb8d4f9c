/** What a smart collection shows, as its form has it: the fields that people choose by, of all that a filter has. */
import type { ImageFilter } from "@/api/types.gen";

export type SmartForm = {
  q: string;
  tags: string;
  model: string;
  project: string;
  aspect: "" | "square" | "landscape" | "portrait";
  rating: string;
  favorite: boolean;
};

const OWN = ["q", "tags", "tags_mode", "model", "project_id", "aspect", "rating_min", "favorite"];

export function formOf(filter: ImageFilter | null | undefined): SmartForm {
  return {
    q: filter?.q ?? "",
    tags: filter?.tags?.join(", ") ?? "",
    model: filter?.model ?? "",
    project: filter?.project_id ?? "",
    aspect: filter?.aspect ?? "",
    rating: filter?.rating_min ? String(filter.rating_min) : "",
    favorite: filter?.favorite === true,
  };
}

/** The filter that the form says; what of `before` it has no field for stays. */
export function filterOf(form: SmartForm, before: ImageFilter | null | undefined): ImageFilter {
  const rest = Object.fromEntries(
    Object.entries(before ?? {}).filter(([name, value]) => !OWN.includes(name) && value !== null),
  );
  const tags = form.tags
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
  return {
    ...rest,
    ...(form.q.trim() && { q: form.q.trim() }),
    ...(tags.length > 0 && { tags, tags_mode: before?.tags_mode ?? "all" }),
    ...(form.model && { model: form.model }),
    ...(form.project && { project_id: form.project }),
    ...(form.aspect && { aspect: form.aspect }),
    ...(form.rating && { rating_min: Number(form.rating) }),
    ...(form.favorite && { favorite: true }),
  };
}
