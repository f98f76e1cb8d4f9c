/** Whether a list shows a picture, as far as that can be told from here. */
import type { ImageOut } from "@/api/types.gen";
import type { ListQuery } from "./image-filter";

/** True or false where the picture itself tells; null where only the server can. */
export function matches(image: ImageOut, query: ListQuery): boolean | null {
  const { width, height, model, operation, created_at, deleted_at } = image;
  const made = Date.parse(created_at);
  const shape = width === height ? "square" : width > height ? "landscape" : "portrait";
  return (
    (deleted_at !== null) === Boolean(query.trashed) &&
    (!query.aspect || query.aspect === shape) &&
    (!query.model || query.model === model) &&
    (!query.operation || query.operation === operation) &&
    (!query.created_from || made >= Date.parse(query.created_from)) &&
    (!query.created_to || made <= Date.parse(query.created_to))
  );
}
