import { useNavigate } from "@tanstack/react-router";
import { EllipsisVertical, ImageOff, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { CollectionOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/ui/menu";
import { notify } from "@/ui/notify";
import { CollectionDialog } from "./collection-dialog";
import { useCollectionActions } from "./collections";

/** What can be done with a collection as a whole. */
export function CollectionMenu({ collection }: { collection: CollectionOut }) {
  const { id, name, cover_image_id } = collection;
  const { update, remove } = useCollectionActions();
  const [open, show] = useState<"edit" | "delete" | null>(null);
  const navigate = useNavigate();
  const onError = (error: unknown) =>
    notify({ kind: "error", title: "That was not done", description: reasonOf(error) });
  const confirmRemoval = () =>
    remove.mutate(
      { path: { id } },
      {
        onError,
        onSuccess: () => {
          notify({ kind: "success", title: `${name} is deleted` });
          void navigate({ to: "/collections" });
        },
      },
    );
  return (
    <>
      <Menu>
        <MenuTrigger
          render={
            <Button variant="secondary" size="icon" aria-label="Collection menu">
              <EllipsisVertical aria-hidden />
            </Button>
          }
        />
        <MenuContent>
          <MenuItem onClick={() => show("edit")}>
            <Pencil aria-hidden /> Edit
          </MenuItem>
          {cover_image_id ? (
            <MenuItem
              onClick={() =>
                update.mutate({ path: { id }, body: { cover_image_id: null } }, { onError })
              }
            >
              <ImageOff aria-hidden /> Let the first picture be the cover
            </MenuItem>
          ) : null}
          <MenuSeparator />
          <MenuItem danger onClick={() => show("delete")}>
            <Trash2 aria-hidden /> Delete
          </MenuItem>
        </MenuContent>
      </Menu>
      {open === "edit" ? (
        <CollectionDialog collection={collection} onClose={() => show(null)} />
      ) : null}
      <Confirm
        open={open === "delete"}
        onOpenChange={() => show(null)}
        title={`Delete ${name}?`}
        action="Delete the collection"
        working={remove.isPending && "Deleting…"}
        onConfirm={confirmRemoval}
      >
        Its pictures stay in the library; their order here will be gone.
      </Confirm>
    </>
  );
}
