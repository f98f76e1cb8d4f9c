/** Pictures for tests. */
import type { ImageOut, ImagePage } from "@/api/types.gen";

/** The picture number `at`: the higher, the newer. */
export function picture(at: number, facts: Partial<ImageOut> = {}): ImageOut {
  const id = `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;
  return {
    id,
    generation_id: null,
    parent_image_id: null,
    project_id: null,
    operation: "text-to-image",
    prompt: `Picture ${at}`,
    negative_prompt: "",
    model: "sketch/sketch-1",
    model_version: "1",
    parameters: { seed: at, steps: 8, width: 768, height: 512 },
    seed: at,
    width: 768,
    height: 512,
    format: "png",
    file_size: 500_000,
    content_hash: "00",
    url: `/api/images/${id}/file`,
    download_url: `/api/images/download/${id}`,
    thumbnails: { "512": `/api/images/${id}/thumbnail/512` },
    rendered: true,
    thumbhash: null,
    colors: ["#336699"],
    title: null,
    alt_text: `Picture ${at}`,
    notes: null,
    tags: [],
    rating: null,
    is_favorite: false,
    is_public: false,
    likes: 0,
    cost_credits: 0,
    generation_time: 1.5,
    created_at: new Date(Date.UTC(2026, 10, 1, 0, at)).toISOString(),
    updated_at: new Date(Date.UTC(2026, 10, 1, 0, at)).toISOString(),
    deleted_at: null,
    ...facts,
  };
}

export function page(items: ImageOut[], next: string | null, total: number | null): ImagePage {
  return { items, next_cursor: next, total };
}
