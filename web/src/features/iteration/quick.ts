/** What is made of a picture without a question, from wherever it shows. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowUpRight, Eraser, type LucideIcon, Sparkles } from "lucide-react";
import type { IterationEstimateIn } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { beginOnce } from "./runs";
import type { Wish } from "./wish";

export type Quick = { label: string; icon: LucideIcon; wish: Wish; price: IterationEstimateIn };

export const QUICK: readonly Quick[] = [
  {
    label: "Vary",
    icon: Sparkles,
    wish: { operation: "variation", body: {} },
    price: { operation: "variation" },
  },
  {
    label: "Upscale 2×",
    icon: ArrowUpRight,
    wish: { operation: "upscale", body: { scale: 2 } },
    price: { operation: "upscale", scale: 2 },
  },
  {
    label: "Remove background",
    icon: Eraser,
    wish: { operation: "remove-background", body: {} },
    price: { operation: "remove-background" },
  },
];

/** Begins one for each picture, and says so. */
export function useMake() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async ({ label, wish }: Quick, images: readonly string[], about?: string) => {
    let begun = 0;
    try {
      for (const id of images) {
        await beginOnce(client, id, wish);
        begun += 1;
      }
    } catch (error) {
      const title = begun
        ? `${label}: begun for ${begun} of ${images.length}`
        : `${label}: not begun`;
      return notify({ kind: "error", title, description: reasonOf(error) });
    }
    const [id] = images;
    if (!id) return;
    const show =
      images.length === 1
        ? () => void navigate({ to: "/images/$id", params: { id } })
        : () => void navigate({ to: "/history" });
    notify({
      title: `${label}: it is being made`,
      description: about ?? `Of ${formatCount(images.length, "picture")}`,
      action: { label: "Show", run: show },
    });
  };
}
