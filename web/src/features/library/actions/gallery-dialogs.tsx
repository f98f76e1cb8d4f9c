import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { type Act, countOf, type Target } from "./acts";
import { known } from "./change-images";
import type { Asked } from "./use-gallery-actions";

const TagDialog = lazy(() =>
  import("./tag-dialog").then((module) => ({ default: module.TagDialog })),
);
const MoveDialog = lazy(() =>
  import("./move-dialog").then((module) => ({ default: module.MoveDialog })),
);
const ShortcutSheet = lazy(() =>
  import("./shortcut-sheet").then((module) => ({ default: module.ShortcutSheet })),
);

type GalleryDialogsProps = {
  asked: { dialog: Asked; target: Target } | null;
  of: "gallery" | "trash" | "viewer";
  onClose: () => void;
  run: (act: Act, target: Target) => void;
};

/** What is asked before something is done to pictures. The code comes when it is wanted. */
export function GalleryDialogs({ asked, of, onClose, run }: GalleryDialogsProps) {
  const client = useQueryClient();
  if (!asked) return null;
  const { dialog, target } = asked;
  const count = countOf(target);
  return (
    <Suspense>
      {dialog === "keys" ? <ShortcutSheet of={of} onClose={onClose} /> : null}
      {dialog === "tag" ? (
        <TagDialog
          count={count}
          tags={[...new Set(known(client, target).flatMap(({ tags }) => tags))].slice(0, 30)}
          onClose={onClose}
          onTag={(add, remove) => run({ kind: "tag", add, remove }, target)}
        />
      ) : null}
      {dialog === "move" ? (
        <MoveDialog
          count={count}
          onClose={onClose}
          onMove={(project) => run({ kind: "move", project }, target)}
        />
      ) : null}
    </Suspense>
  );
}
