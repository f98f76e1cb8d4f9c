import { useState } from "react";
import { formatCount } from "@/lib/format";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { TagsField } from "./tags-field";

type TagDialogProps = {
  count: number;
  /** Tags that every one of the pictures has, or one of them. */
  tags: readonly string[];
  onClose: () => void;
  onTag: (add: string[], remove: string[]) => void;
};

/** Puts tags on the chosen pictures and takes tags off. */
export function TagDialog({ count, tags, onClose, onTag }: TagDialogProps) {
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const off = (tag: string) =>
    setRemove(remove.includes(tag) ? remove.filter((one) => one !== tag) : [...remove, tag]);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={`Tag ${formatCount(count, "picture")}`}
        footer={
          <>
            <Button variant="secondary" onClick={onClose}>
              Cancel
            </Button>
            <Button
              disabled={add.length + remove.length === 0}
              onClick={() => {
                onTag(add, remove);
                onClose();
              }}
            >
              Apply
            </Button>
          </>
        }
      >
        <div className="grid gap-5 pb-28">
          <Field label="Put on" help="Enter or a comma ends a tag.">
            {({ id }) => (
              <TagsField
                id={id}
                label="Put on"
                tags={add}
                onChange={(next) => {
                  setAdd(next);
                  setRemove(remove.filter((tag) => !next.includes(tag)));
                }}
              />
            )}
          </Field>
          {tags.length > 0 ? (
            <fieldset className="grid gap-2">
              <legend className="mb-1.5 text-sm font-medium">Take off</legend>
              <div className="flex flex-wrap gap-1.5">
                {tags.map((tag) => (
                  <Button
                    key={tag}
                    size="sm"
                    variant={remove.includes(tag) ? "danger" : "secondary"}
                    aria-pressed={remove.includes(tag)}
                    disabled={add.includes(tag)}
                    onClick={() => off(tag)}
                  >
                    {tag}
                  </Button>
                ))}
              </div>
            </fieldset>
          ) : null}
        </div>
      </DialogContent>
    </Dialog>
  );
}
