import { Dialog, DialogContent } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

type Group = { title: string; keys: readonly (readonly [string, ...string[]])[] };

const MOVING: Group = {
  title: "Go about",
  keys: [
    ["Next, previous, above, below", "arrowleft", "arrowright", "arrowup", "arrowdown"],
    ["First and last picture", "home", "end"],
    ["Open", "enter"],
    ["Search", "/"],
    ["Commands for this picture, and search", "mod+k"],
  ],
};
const CHOOSING: Group = {
  title: "Choose",
  keys: [
    ["This picture", "space"],
    ["On to the next", "shift+arrowright"],
    ["All that match", "mod+a"],
    ["Nothing", "escape"],
  ],
};
const DOING: Group = {
  title: "With the chosen ones, or with this one",
  keys: [
    ["Favourite", "f"],
    ["Rate", "1", "5"],
    ["No rating", "0"],
    ["Tag", "t"],
    ["Move to a project", "m"],
    ["Move to the trash", "delete"],
    ["Take the last change back", "z"],
  ],
};
const TRASH: Group = { title: "With the chosen ones, or with this one", keys: [["Restore", "r"]] };
const VIEWER: Group = {
  title: "Look closely",
  keys: [
    ["Next, previous picture", "arrowright", "arrowleft"],
    ["Nearer, further", "+", "-"],
    ["The whole picture", "w"],
    ["Its own pixels", "p"],
    ["Full screen", "x"],
    ["Commands for this picture, and search", "mod+k"],
    ["Back", "escape"],
  ],
};

type ShortcutSheetProps = { of: "gallery" | "trash" | "viewer"; onClose: () => void };

/** The keys of the gallery, the trash or one picture. */
export function ShortcutSheet({ of, onClose }: ShortcutSheetProps) {
  const groups = {
    gallery: [MOVING, CHOOSING, DOING],
    trash: [MOVING, CHOOSING, TRASH],
    viewer: [VIEWER, { ...DOING, title: "With this picture" }],
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title="Keyboard shortcuts">
        <div className="grid gap-5">
          {groups[of].map(({ title, keys }) => (
            <section key={title} aria-label={title}>
              <h3 className="text-xs font-semibold tracking-wide text-muted-foreground uppercase">
                {title}
              </h3>
              <dl className="divide-y">
                {keys.map(([name, ...names]) => (
                  <div key={name} className="flex items-center justify-between gap-4 py-2 text-sm">
                    <dt>{name}</dt>
                    <dd className="flex items-center gap-1">
                      {names.map((key) => (
                        <Kbd key={key} keys={key} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
