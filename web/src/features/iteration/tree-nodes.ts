/** Families for tests. */
import type { NodeOut } from "@/api/types.gen";

export function member(id: string, parent: string | null, facts: Partial<NodeOut> = {}): NodeOut {
  return {
    id,
    parent_id: parent,
    operation: parent ? "variation" : "text-to-image",
    thumbnail: `/api/images/${id}/thumbnail/256`,
    created_at: "2026-11-01T12:00:00Z",
    is_favorite: false,
    deleted: false,
    purged: false,
    prompt: `Picture ${id}`,
    model: "sketch/sketch-1",
    width: 512,
    height: 512,
    ...facts,
  };
}
