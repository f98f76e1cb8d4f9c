import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";
import { itemStyle, popupStyle } from "./overlay-style";

export const Menu = Base.Root;
export const MenuTrigger = Base.Trigger;
export const MenuGroup = Base.Group;
export const MenuRadioGroup = Base.RadioGroup;

/** What a menu opens at: an element, or whatever can say where it is. */
export type MenuAnchor = Element | { getBoundingClientRect: () => DOMRect };

type MenuContentProps = Pick<
  ComponentProps<typeof Base.Popup>,
  "finalFocus" | "onFocus" | "onKeyDown" | "onPointerMove"
> & {
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  className?: string;
  /** Its trigger, if it has one and nothing is said. */
  anchor?: MenuAnchor;
};

export function MenuContent({
  children,
  align = "end",
  side = "bottom",
  className,
  anchor,
  ...popup
}: MenuContentProps) {
  return (
    <Base.Portal>
      <Base.Positioner
        className="z-50 outline-none"
        sideOffset={6}
        align={align}
        side={side}
        anchor={anchor}
      >
        <Base.Popup {...popup} className={cn(popupStyle, "min-w-52 p-1.5", className)}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

export function MenuItem({
  className,
  danger = false,
  ...props
}: Omit<ComponentProps<typeof Base.Item>, "className"> & { className?: string; danger?: boolean }) {
  const red =
    "text-destructive-text data-highlighted:bg-destructive-soft data-highlighted:text-destructive-text";
  return <Base.Item {...props} className={cn(itemStyle, danger && red, className)} />;
}

export function MenuRadioItem({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Base.RadioItem value={value} className={itemStyle}>
      {children}
      <Base.RadioItemIndicator className="ml-auto text-primary-text">
        <Check aria-hidden />
      </Base.RadioItemIndicator>
    </Base.RadioItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted-foreground">
      {children}
    </Base.GroupLabel>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1.5 my-1.5 h-px bg-border" />;
}
