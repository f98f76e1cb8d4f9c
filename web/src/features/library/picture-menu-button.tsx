import { Ellipsis } from "lucide-react";
import { cn } from "@/lib/cn";

type PictureMenuButtonProps = { className?: string; tabIndex?: number; hidden?: boolean };

/**
 * Opens the menu of what can be made of a picture; it stands in what has `data-image` and the class `group/picture`,
 * and shows while that is pointed at or has the focus. `hidden` keeps it from readers that have another way there.
 */
export function PictureMenuButton({ className, tabIndex, hidden }: PictureMenuButtonProps) {
  return (
    <button
      type="button"
      data-image-menu=""
      tabIndex={tabIndex}
      aria-hidden={hidden}
      aria-haspopup="menu"
      aria-label="What can be made of it"
      title="What can be made of it (right click)"
      className={cn(
        "absolute top-1 right-1 grid size-7 place-items-center rounded-md bg-popover/90 text-popover-foreground opacity-0 shadow-card transition-opacity duration-200 ease-studio group-hover/picture:opacity-100 hover:bg-popover focus-visible:opacity-100 pointer-coarse:hidden [&_svg]:size-4",
        className,
      )}
    >
      <Ellipsis aria-hidden />
    </button>
  );
}
