import { Popover as Base } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { popupStyle } from "./overlay-style";

export const Popover = Base.Root;
export const PopoverTrigger = Base.Trigger;
export const PopoverClose = Base.Close;

type PopoverContentProps = {
  title?: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  className?: string;
};

export function PopoverContent({
  title,
  children,
  align = "start",
  side = "bottom",
  className,
}: PopoverContentProps) {
  return (
    <Base.Portal>
      <Base.Positioner className="z-50" sideOffset={8} align={align} side={side}>
        <Base.Popup className={cn(popupStyle, "w-80 max-w-[calc(100vw-2rem)] p-4", className)}>
          {title ? <Base.Title className="mb-2 text-sm">{title}</Base.Title> : null}
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
