import { Autocomplete as Base } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { CornerDownLeft, type LucideIcon, Search } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Kbd } from "./kbd";
import { backdropStyle, dialogStyle, itemStyle } from "./overlay-style";

export type Command = {
  id: string;
  label: string;
  icon: LucideIcon;
  /** Stands in place of the icon. */
  picture?: ReactNode;
  hint?: string | undefined;
  /** The key that does the same, as "mod+k", or "g i" for one after the other. */
  keys?: string | undefined;
  disabled?: boolean;
  /** Leaves the list open. */
  stays?: boolean;
  run: () => void;
};

export type CommandGroup = { value: string; items: Command[] };

type CommandDialogProps = {
  onClose: () => void;
  /** What the dialog and its field are called. */
  label: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  groups: readonly CommandGroup[];
  onRun: (command: Command) => void;
  /** What stands there when nothing is found. */
  empty: ReactNode;
  /** What is found, in words, for who does not see it. */
  status: string;
};

/** A field with everything that can be done below it, by keys alone if wished. */
export function CommandDialog(props: CommandDialogProps) {
  const { onClose, label, placeholder, text, onText, groups, onRun } = props;
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropStyle} />
        <Dialog.Popup
          aria-label={label}
          className={cn(
            dialogStyle,
            "top-3 max-h-[calc(100dvh-1.5rem)] w-[min(38rem,calc(100vw-1.5rem))] translate-y-0 overflow-hidden sm:top-[12dvh] sm:max-h-[70dvh]",
          )}
        >
          <Base.Root
            open
            inline
            mode="none"
            items={groups}
            value={text}
            onValueChange={(next, { reason }) => reason === "input-change" && onText(next)}
            itemToStringValue={(command: Command) => command.label}
            autoHighlight="always"
            keepHighlight
          >
            <div className="flex items-center gap-3 border-b px-4">
              <Search aria-hidden className="size-4.5 shrink-0 text-muted-foreground" />
              <Base.Input
                aria-label={label}
                placeholder={placeholder}
                maxLength={200}
                spellCheck={false}
                className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted-foreground"
              />
              <Dialog.Close className="rounded-lg text-muted-foreground" aria-label="Close">
                <Kbd keys="escape" />
              </Dialog.Close>
            </div>
            <Base.Empty className="px-4 py-8 text-center text-sm text-muted-foreground empty:p-0">
              {props.empty}
            </Base.Empty>
            <Base.List className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1.5 empty:p-0">
              {(group: CommandGroup) => (
                <Base.Group key={group.value} items={group.items} className="pb-1.5">
                  <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted-foreground">
                    {group.value}
                  </Base.GroupLabel>
                  <Base.Collection>
                    {(command: Command) => <Row key={command.id} command={command} onRun={onRun} />}
                  </Base.Collection>
                </Base.Group>
              )}
            </Base.List>
            <p role="status" className="sr-only">
              {props.status}
            </p>
          </Base.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type RowProps = { command: Command; onRun: (command: Command) => void };

function Row({ command, onRun }: RowProps) {
  const { label, icon: Icon, picture, hint, keys, disabled = false } = command;
  return (
    <Base.Item
      value={command}
      disabled={disabled}
      onClick={() => onRun(command)}
      className={cn(itemStyle, "group/row")}
    >
      {picture ?? <Icon aria-hidden className="text-muted-foreground" />}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {hint ? (
        <span className="max-w-[45%] shrink-0 truncate text-xs text-muted-foreground">{hint}</span>
      ) : null}
      {keys ? (
        <span aria-hidden className="flex shrink-0 gap-1 text-muted-foreground max-sm:hidden">
          {keys.split(" ").map((key, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: "g g" has the same key twice.
            <Kbd key={index} keys={key} />
          ))}
        </span>
      ) : null}
      <CornerDownLeft
        aria-hidden
        className="text-muted-foreground opacity-0 group-data-highlighted/row:opacity-100 max-sm:hidden"
      />
    </Base.Item>
  );
}
