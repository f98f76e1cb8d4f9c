import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { Button, buttonVariants } from "./button";
import { backdropStyle, dialogStyle } from "./overlay-style";

type ConfirmProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  /** The verb of the action, as on its button: "Delete 3 pictures". */
  action: string;
  working?: string | false;
  onConfirm: () => void;
};

/** Asks before something that cannot be undone. Cancel has the focus first. */
export function Confirm(props: ConfirmProps) {
  const { open, onOpenChange, title, children, action, working = false, onConfirm } = props;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Popup className={dialogStyle}>
          <div className="grid gap-2 p-6">
            <Base.Title className="text-lg">{title}</Base.Title>
            <Base.Description render={<div />} className="text-sm text-muted-foreground">
              {children}
            </Base.Description>
          </div>
          <footer className="flex justify-end gap-3 border-t p-4">
            <Base.Close className={buttonVariants({ variant: "secondary" })}>Cancel</Base.Close>
            <Button variant="danger" working={working} onClick={onConfirm}>
              {action}
            </Button>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
