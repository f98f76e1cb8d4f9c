import { lazy, type ReactNode, type RefObject, Suspense } from "react";
import type { ImageOut } from "@/api/types.gen";
import type { ImageList } from "../image-lists";
import type { Choosing } from "../selection/use-selection";
import { GalleryDialogs } from "./gallery-dialogs";
import type { GalleryActions } from "./use-gallery-actions";

const BulkBar = lazy(() => import("./bulk-bar").then((module) => ({ default: module.BulkBar })));

export type DragParts = {
  /** Where the pictures lie that can be dragged. */
  grid: RefObject<HTMLElement | null>;
  /** Those of the chosen that are here, and how many are chosen in all. */
  chosen: readonly ImageOut[];
  size: number;
  isChosen: (id: string) => boolean;
  /** Moves all that is chosen, here or not, to a project. */
  onMove: (project: { id: string; name: string }) => void;
  onDone: () => void;
};

/** What rooms above the library add to what can be done with chosen pictures. */
export type MoreToDo = {
  more?: (chosen: readonly ImageOut[], done: () => void) => ReactNode;
  /** What lets the chosen pictures be dragged elsewhere. */
  dragging?: (parts: DragParts) => ReactNode;
};

type ChosenPicturesProps = MoreToDo & {
  list: ImageList | undefined;
  total: number;
  choosing: Choosing;
  actions: GalleryActions;
  /** Where the pictures lie. */
  area?: RefObject<HTMLElement | null>;
  trash?: boolean;
  /** What can be done with them in this list alone. */
  children?: ReactNode;
};

/** All that can be done with the pictures chosen in a gallery: the bar, what it asks, and dragging. */
export function ChosenPictures(props: ChosenPicturesProps) {
  const { list, total, choosing, actions, area, trash = false, more, dragging, children } = props;
  const chosen = (list?.items ?? []).filter(
    (image) => image !== undefined && choosing.includes(image.id),
  ) as ImageOut[];
  // Of all pictures of a library some may not be here, and those that are would be but a part.
  const whole = chosen.length === choosing.size;
  return (
    <>
      {area && choosing.active && actions.mayChange
        ? dragging?.({
            grid: area,
            chosen,
            size: choosing.size,
            isChosen: choosing.includes,
            onMove: (project) => actions.run({ kind: "move", project }),
            onDone: choosing.clear,
          })
        : null}
      {choosing.active && total > 0 ? (
        <Suspense>
          <BulkBar
            trash={trash}
            choosing={choosing}
            total={total}
            run={actions.run}
            ask={actions.ask}
            target={actions.target}
          >
            {children}
            {whole ? more?.(chosen, choosing.clear) : null}
          </BulkBar>
        </Suspense>
      ) : null}
      <GalleryDialogs
        asked={actions.asked}
        of={trash ? "trash" : "gallery"}
        onClose={actions.close}
        run={actions.run}
      />
    </>
  );
}
