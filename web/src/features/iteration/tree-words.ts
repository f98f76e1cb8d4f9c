/** What is said of a picture in its family. */
import type { NodeOut } from "@/api/types.gen";
import { formatDateTime } from "@/lib/format";

/** "image-to-image" → "Image to image". */
export function operationName(operation: string): string {
  const words = operation.replaceAll(/[-_]/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a picture is called in few words. */
export function shortName({ prompt, purged }: Pick<NodeOut, "prompt" | "purged">): string {
  if (purged) return "Purged picture";
  const letters = [...(prompt ?? "").trim().replaceAll(/\s+/g, " ")];
  if (letters.length === 0) return "Untitled picture";
  return letters.length <= 60 ? letters.join("") : `${letters.slice(0, 59).join("").trimEnd()}…`;
}

/** Everything a tile shows, in words. */
export function spokenName(node: NodeOut): string {
  const facts = [
    shortName(node),
    operationName(node.operation),
    node.is_favorite ? "favourite" : "",
    node.deleted && !node.purged ? "in the trash" : "",
    formatDateTime(node.created_at),
  ];
  return facts.filter(Boolean).join(", ");
}
