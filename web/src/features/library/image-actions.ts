/** To the trash and back: shown at once, taken back when the server refuses, with a way to undo. */
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteImage, restoreImage } from "@/api/sdk.gen";
import type { ImageOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { reasonOf } from "@/lib/problem";
import { notify } from "@/ui/notify";
import { settle } from "./image-cache";
import { findImage } from "./image-lists";

type Way = "trash" | "restore";

/** Moves one picture; the answer is the undoing. */
export function useMoveImage() {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const { mutate } = useMutation({
    mutationFn: async ({ image, way }: { image: ImageOut; way: Way; undoing?: boolean }) => {
      const path = { id: image.id };
      if (way === "trash") await deleteImage({ path, throwOnError: true });
      else await restoreImage({ path, throwOnError: true });
    },
    onMutate: ({ image, way }) => show(client, image, way),
    onError: (error, { image, way }) => {
      show(client, image, way === "trash" ? "restore" : "trash");
      notify({
        kind: "error",
        title: way === "trash" ? "The picture was not deleted" : "The picture was not restored",
        description: reasonOf(error),
      });
    },
    onSuccess: (_nothing, { image, way, undoing }) => {
      if (undoing) return;
      const back = way === "trash" ? "restore" : "trash";
      notify({
        kind: "success",
        title: way === "trash" ? "Moved to the trash" : "Restored",
        description: shortened(image.title ?? image.prompt),
        action: { label: "Undo", run: () => mutate({ image, way: back, undoing: true }) },
      });
    },
  });
  return {
    /** Without it, nothing is moved: keys do not ask whether there is a button. */
    mayMove: mayChange,
    trash: (image: ImageOut) => mayChange && mutate({ image, way: "trash" }),
    restore: (image: ImageOut) => mayChange && mutate({ image, way: "restore" }),
  };
}

function show(client: QueryClient, image: ImageOut, way: Way) {
  const before = findImage(client, image.id) ?? image;
  const deleted_at = way === "trash" ? new Date().toISOString() : null;
  settle(client, [{ image: { ...before, deleted_at }, before }]);
}

function shortened(text: string): string {
  const letters = [...text.trim()];
  return letters.length <= 80 ? letters.join("") : `${letters.slice(0, 79).join("").trimEnd()}…`;
}
