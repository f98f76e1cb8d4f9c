import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { buttonVariants } from "./button";
import { backdropStyle } from "./overlay-style";

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  footer?: ReactNode;
};

/** A dialog that slides in from the side and takes the height of the page: filters on a phone. */
export function Sheet({ open, onOpenChange, title, children, footer }: SheetProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Popup className="fixed inset-y-0 left-0 z-50 flex w-[min(20rem,calc(100vw-3rem))] flex-col border-r bg-popover text-popover-foreground shadow-overlay outline-none transition-[translate] duration-200 ease-studio data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <header className="flex items-center justify-between border-b py-2.5 pr-3 pl-5">
            <Base.Title className="text-base">{title}</Base.Title>
            <Base.Close
              aria-label="Close"
              className={cn(buttonVariants({ variant: "ghost", size: "icon-sm" }))}
            >
              <X aria-hidden />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-3">{children}</div>
          {footer ? <footer className="border-t p-3">{footer}</footer> : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
