import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { buttonVariants } from "./button";
import { backdropStyle, dialogStyle } from "./overlay-style";

export const Dialog = Base.Root;
export const DialogTrigger = Base.Trigger;
export const DialogClose = Base.Close;

type DialogContentProps = {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, at the right of the last row. */
  footer?: ReactNode;
  className?: string;
};

export function DialogContent({
  title,
  description,
  children,
  footer,
  className,
}: DialogContentProps) {
  return (
    <Base.Portal>
      <Base.Backdrop className={backdropStyle} />
      <Base.Popup className={cn(dialogStyle, className)}>
        <header className="grid gap-1 p-6 pr-14 pb-4">
          <Base.Title className="text-lg">{title}</Base.Title>
          {description ? (
            <Base.Description className="text-sm text-muted-foreground">
              {description}
            </Base.Description>
          ) : null}
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6">{children}</div>
        {footer ? <footer className="flex justify-end gap-3 border-t p-4">{footer}</footer> : null}
        <Base.Close
          aria-label="Close"
          className={cn(
            buttonVariants({ variant: "ghost", size: "icon-sm" }),
            "absolute top-4 right-4",
          )}
        >
          <X aria-hidden />
        </Base.Close>
      </Base.Popup>
    </Base.Portal>
  );
}
