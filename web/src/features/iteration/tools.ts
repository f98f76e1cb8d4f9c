/** What the Iterate panel offers besides the one-click variation, in its order. Each comes when it is opened. */
import {
  ArrowUpRight,
  Brush,
  Copy,
  Eraser,
  History,
  type LucideIcon,
  PencilLine,
  Settings2,
  SlidersHorizontal,
} from "lucide-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { GenerationOut, ImageOut } from "@/api/types.gen";
import type { Begin } from "./runs";
import type { FormOperation } from "./wish";

export type ToolProps = {
  image: ImageOut;
  /** Begins it; it then shows in the panel. Throws what the server refuses. */
  begin: Begin;
  /** What is underway from the picture, and what came of it. */
  runs: readonly GenerationOut[];
  onClose: () => void;
  /** Whether something in front of the page has the keys; a tool that is a dialog has them by itself. */
  onBusy: (busy: boolean) => void;
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

const EditTool = lazy(() => import("./edit-tool").then((module) => ({ default: module.EditTool })));
const TweakTool = lazy(() =>
  import("./tweak-tool").then((module) => ({ default: module.TweakTool })),
);
const VersionsTool = lazy(() =>
  import("./versions-tool").then((module) => ({ default: module.VersionsTool })),
);

export const TOOLS: readonly Tool[] = [
  { id: "variation", label: "Variations", icon: Copy, form: "variation" },
  { id: "remix", label: "Remix", icon: PencilLine, form: "remix" },
  { id: "tweak", label: "Tweak", icon: Settings2, Content: TweakTool },
  { id: "image-to-image", label: "Paint over", icon: Brush, form: "image-to-image" },
  { id: "upscale", label: "Upscale", icon: ArrowUpRight, form: "upscale" },
  { id: "remove-background", label: "Cut out", icon: Eraser, form: "remove-background" },
  { id: "edit", label: "Edit", icon: SlidersHorizontal, dialog: true, Content: EditTool },
  { id: "versions", label: "Versions", icon: History, Content: VersionsTool },
];
