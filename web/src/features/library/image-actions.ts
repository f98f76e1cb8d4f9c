/** To the trash and back for one picture, wherever it is shown. */
import { useQueryClient } from "@tanstack/react-query";
import type { ImageOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { changeImages } from "./actions/change-images";

export function useMoveImage() {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const move = (kind: "delete" | "restore") => (image: ImageOut) =>
    mayChange && void changeImages(client, { ids: [image.id] }, { kind });
  return {
    /** Without it, nothing is moved: keys do not ask whether there is a button. */
    mayMove: mayChange,
    trash: move("delete"),
    restore: move("restore"),
  };
}
