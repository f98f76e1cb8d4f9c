/** What the Iterate panel offers besides the one-click variation, in its order. Each comes when it is opened. */
import { ArrowUpRight, Brush, Copy, Eraser, type LucideIcon, PencilLine } from "lucide-react";
import type { ComponentType, LazyExoticComponent } from "react";
import type { ImageOut } from "@/api/types.gen";
import type { Begin } from "./runs";
import type { FormOperation } from "./wish";

export type ToolProps = {
  image: ImageOut;
  /** Begins it; it then shows in the panel. Throws what the server refuses. */
  begin: Begin;
  onClose: () => void;
};

export type Tool = {
  id: string;
  label: string;
  icon: LucideIcon;
  /** A dialog covers the page and has the keys; anything else opens in the panel. */
  dialog?: true;
} & (
  | { form: FormOperation }
  | { form?: undefined; Content: LazyExoticComponent<ComponentType<ToolProps>> }
);

export const TOOLS: readonly Tool[] = [
  { id: "variation", label: "Variations", icon: Copy, form: "variation" },
  { id: "remix", label: "Remix", icon: PencilLine, form: "remix" },
  { id: "image-to-image", label: "Paint over", icon: Brush, form: "image-to-image" },
  { id: "upscale", label: "Upscale", icon: ArrowUpRight, form: "upscale" },
  { id: "remove-background", label: "Cut out", icon: Eraser, form: "remove-background" },
];
