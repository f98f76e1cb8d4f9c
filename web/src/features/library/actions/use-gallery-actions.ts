/** What the keys, the bar and the tiles of a gallery do, and to which pictures. */
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { type Shortcuts, useShortcuts } from "@/lib/shortcuts";
import { notify } from "@/ui/notify";
import type { GridHandle } from "../grid/picture-grid";
import { type ImageContext, toWanted } from "../image-filter";
import type { Choosing } from "../selection/use-selection";
import { type Act, countOf, type Target } from "./acts";
import { changeImages, known } from "./change-images";
import { rateImages } from "./edit-image";
import { undo } from "./undo";

export type Asked = "tag" | "move" | "keys";

type Parts = {
  context: ImageContext;
  choosing: Choosing;
  grid: RefObject<GridHandle | null>;
};

export type GalleryActions = ReturnType<typeof useGalleryActions>;

export function useGalleryActions({ context, choosing, grid }: Parts) {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<{ dialog: Asked; target: Target } | null>(null);
  const trash = context.trash === true;

  /** The chosen pictures; where none is chosen, the one that the keys are at. */
  const target = (): Target | null => {
    const { selection, size } = choosing;
    if (selection.every && size > 0) return { filter: toWanted(context), count: size };
    if (selection.ids.size > 0) return { ids: [...selection.ids] };
    const image = grid.current?.current();
    return image ? { ids: [image.id] } : null;
  };
  const apply = async (which: Target, act: Act) => {
    const leaves = act.kind === "delete" || act.kind === "restore" || movesOut(context, act);
    if (leaves) {
      if (choosing.active) choosing.clear();
      else if ("ids" in which) grid.current?.leave();
    }
    await changeImages(client, which, act);
  };
  const run = (act: Act, which: Target | null = target()) => {
    if (which && mayChange) void apply(which, act);
  };
  const ask = (dialog: Asked) => {
    if (dialog === "keys") return setAsked({ dialog, target: { ids: [] } });
    const which = target();
    if (which && mayChange) setAsked({ dialog, target: which });
  };
  const favourite = (which: Target | null = target()) => {
    if (!which) return;
    const all = known(client, which).every(({ is_favorite }) => is_favorite);
    run({ kind: "favorite", favorite: !all }, which);
  };
  const rate = (rating: number | null) => {
    const which = target();
    if (!which || !mayChange) return;
    const images = known(client, which);
    // Ratings are given one by one: pictures that are not here cannot be.
    if (images.length < countOf(which))
      notify({ kind: "info", title: "Choose fewer pictures to rate", description: TOO_MANY });
    else void rateImages(client, images, rating);
  };

  const keys: Shortcuts = trash
    ? { r: () => run({ kind: "restore" }) }
    : {
        f: () => favourite(),
        t: () => ask("tag"),
        m: () => ask("move"),
        delete: () => run({ kind: "delete" }),
        backspace: () => run({ kind: "delete" }),
        "0": () => rate(null),
        ...Object.fromEntries([1, 2, 3, 4, 5].map((stars) => [String(stars), () => rate(stars)])),
      };
  const free: Shortcuts = {
    "mod+a": choosing.all,
    z: () => void undo(),
    "?": () => ask("keys"),
    ...(choosing.active && { escape: choosing.clear }),
    ...keys,
  };
  // A dialog in front has the keys.
  useShortcuts(asked === null ? free : {});

  return {
    mayChange,
    asked,
    ask,
    close: () => setAsked(null),
    run,
    target,
    favourite: (image: ImageOut) => favourite({ ids: [image.id] }),
    move: (image: ImageOut) => run({ kind: trash ? "restore" : "delete" }, { ids: [image.id] }),
  };
}

/** Whether pictures of this list are not of it any more when moved. */
function movesOut({ project_id: from }: ImageContext, act: Act): boolean {
  return act.kind === "move" && from !== undefined && from !== (act.project?.id ?? "none");
}

const TOO_MANY = "Not all of them are loaded; ratings are given to up to 200 at once.";
