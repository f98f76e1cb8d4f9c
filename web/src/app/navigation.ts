import {
  Boxes,
  ChartColumn,
  FolderOpen,
  History,
  Images,
  type LucideIcon,
  Scale,
  Settings,
  SquareStack,
  Trash2,
  WandSparkles,
} from "lucide-react";

export type Destination = {
  to:
    | "/generate"
    | "/images"
    | "/projects"
    | "/collections"
    | "/models"
    | "/ab"
    | "/history"
    | "/usage"
    | "/trash"
    | "/settings";
  label: string;
  icon: LucideIcon;
  keys: string;
};

/** The pages of the frame, in the order of the sidebar and of the bar on a phone. */
export const DESTINATIONS: readonly Destination[] = [
  { to: "/generate", label: "Generate", icon: WandSparkles, keys: "g g" },
  { to: "/images", label: "Images", icon: Images, keys: "g i" },
  { to: "/projects", label: "Projects", icon: FolderOpen, keys: "g p" },
  { to: "/collections", label: "Collections", icon: SquareStack, keys: "g c" },
  { to: "/models", label: "Models", icon: Boxes, keys: "g m" },
  { to: "/ab", label: "A/B", icon: Scale, keys: "g b" },
  { to: "/history", label: "History", icon: History, keys: "g h" },
  { to: "/usage", label: "Usage", icon: ChartColumn, keys: "g u" },
  { to: "/trash", label: "Trash", icon: Trash2, keys: "g t" },
  { to: "/settings", label: "Settings", icon: Settings, keys: "g s" },
];

/** So many have a place of their own in the bar on a phone; the others are behind its last. */
export const IN_BAR = 4;
