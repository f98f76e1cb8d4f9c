import { Dialog, DialogContent } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

const SHORTCUTS = [
  ["Generate", "mod+enter"],
  ["Write the prompt", "/"],
  ["Throw a new seed", "r"],
  ["Choose a preset", "p"],
  ["Search and commands", "mod+k"],
  ["Show this list", "?"],
] as const;

const PAGES = [
  ["Generate", "g", "g"],
  ["Images", "g", "i"],
  ["History", "g", "h"],
] as const;

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title="Keyboard shortcuts">
        <dl className="divide-y">
          {SHORTCUTS.map(([name, keys]) => (
            <div key={name} className="flex items-center justify-between gap-4 py-2.5 text-sm">
              <dt>{name}</dt>
              <dd>
                <Kbd keys={keys} />
              </dd>
            </div>
          ))}
          {PAGES.map(([name, first, then]) => (
            <div key={name} className="flex items-center justify-between gap-4 py-2.5 text-sm">
              <dt>Go to {name}</dt>
              <dd className="flex items-center gap-1.5 text-muted-foreground">
                <Kbd keys={first} /> then <Kbd keys={then} />
              </dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
