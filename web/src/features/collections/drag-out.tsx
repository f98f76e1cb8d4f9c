import {
  DndContext,
  DragOverlay,
  MouseSensor,
  pointerWithin,
  useDraggable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { type ReactNode, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { Thumbnail } from "@/features/library/thumbnail";
import { usePutInto } from "./content-actions";
import { DropShelf, placeOf } from "./drop-shelf";

export type DragOutProps = {
  /** What is dragged: all that is chosen. */
  chosen: readonly ImageOut[];
  onDone: () => void;
  children: ReactNode;
};

/**
 * Lets a mouse drag the chosen pictures of a gallery into a project or a collection. Fingers and keys have the button
 * "Add to…" for it.
 */
export function DragOut({ chosen, onDone, children }: DragOutProps) {
  const putInto = usePutInto();
  const [dragging, drag] = useState(false);
  const sensors = useSensors(useSensor(ChosenSensor, { activationConstraint: { distance: 8 } }));
  const [first] = chosen;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={() => drag(true)}
      onDragCancel={() => drag(false)}
      onDragEnd={({ over }) => {
        drag(false);
        const place = over && placeOf(over.id);
        if (place)
          putInto.mutate({ place, ids: chosen.map(({ id }) => id) }, { onSuccess: onDone });
      }}
    >
      <Source ids={chosen.map(({ id }) => id)}>{children}</Source>
      {dragging ? <DropShelf /> : null}
      <DragOverlay dropAnimation={null}>
        {dragging && first ? (
          <span className="relative block size-28 cursor-grabbing overflow-hidden rounded-lg shadow-overlay ring-3 ring-primary">
            <Thumbnail image={first} sizes="112px" />
            <span className="absolute top-1.5 right-1.5 rounded-full bg-primary px-2 py-0.5 text-xs font-semibold text-primary-foreground">
              {chosen.length}
            </span>
          </span>
        ) : null}
      </DragOverlay>
    </DndContext>
  );
}

/** Begins at a picture that is chosen, and nowhere else. */
class ChosenSensor extends MouseSensor {
  static override activators: typeof MouseSensor.activators = [
    {
      eventName: "onMouseDown",
      handler: ({ nativeEvent }, { onActivation }) => {
        const tile = (nativeEvent.target as HTMLElement).closest<HTMLElement>("a[href]");
        const source = tile?.closest<HTMLElement>("[data-chosen]");
        const id = /[0-9a-f-]{36}/.exec(
          tile?.getAttribute("href")?.split("/images/")[1] ?? "",
        )?.[0];
        if (nativeEvent.button !== 0 || !id || !source?.dataset.chosen?.includes(id)) return false;
        onActivation?.({ event: nativeEvent });
        return true;
      },
    },
  ];
}

function Source({ ids, children }: { ids: string[]; children: ReactNode }) {
  const { setNodeRef, listeners } = useDraggable({ id: "chosen", disabled: ids.length === 0 });
  return (
    <div ref={setNodeRef} {...listeners} data-chosen={ids.join(" ")}>
      {children}
    </div>
  );
}
