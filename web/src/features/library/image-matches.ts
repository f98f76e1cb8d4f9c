/** Whether a list shows a picture, as far as that can be told from here. */
import type { ImageOut } from "@/api/types.gen";
import type { ListQuery } from "./image-filter";

/** True or false where the picture itself tells; null where only the server can. */
export function matches(image: ImageOut, query: ListQuery): boolean | null {
  const plain =
    (image.deleted_at !== null) === Boolean(query.trashed) &&
    matchesOrigin(image, query) &&
    matchesSize(image, query) &&
    matchesOpinion(image, query) &&
    matchesTags(image, query);
  if (!plain) return false;
  return query.q || query.collection_id ? null : true;
}

function matchesOrigin(image: ImageOut, query: ListQuery): boolean {
  const { model, operation, project_id } = image;
  const made = Date.parse(image.created_at);
  return (
    (!query.model || query.model === model) &&
    (!query.provider || query.provider === model.split("/")[0]) &&
    (!query.operation || query.operation === operation) &&
    (!query.project_id || query.project_id === (project_id ?? "none")) &&
    (!query.created_from || made >= Date.parse(query.created_from)) &&
    (!query.created_to || made <= Date.parse(query.created_to))
  );
}

function matchesSize({ width, height }: ImageOut, query: ListQuery): boolean {
  const shape = width === height ? "square" : width > height ? "landscape" : "portrait";
  return (
    (!query.aspect || query.aspect === shape) &&
    width >= (query.width_min ?? 0) &&
    width <= (query.width_max ?? Number.POSITIVE_INFINITY) &&
    height >= (query.height_min ?? 0) &&
    height <= (query.height_max ?? Number.POSITIVE_INFINITY)
  );
}

function matchesOpinion({ rating, is_favorite, is_public }: ImageOut, query: ListQuery): boolean {
  const { rating_min: least, rating_max: most, favorite } = query;
  const rated =
    !(least || most) || (rating !== null && rating >= (least ?? 1) && rating <= (most ?? 5));
  return (
    rated &&
    (typeof query.rated !== "boolean" || query.rated === (rating !== null)) &&
    (typeof favorite !== "boolean" || favorite === is_favorite) &&
    (typeof query.is_public !== "boolean" || query.is_public === is_public)
  );
}

function matchesTags({ tags }: ImageOut, query: ListQuery): boolean {
  const wanted = query.tags ?? [];
  if (wanted.length === 0) return true;
  const has = (tag: string) => tags.includes(tag);
  if (query.tags_mode === "none") return !wanted.some(has);
  return query.tags_mode === "any" ? wanted.some(has) : wanted.every(has);
}
