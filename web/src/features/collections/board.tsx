import {
  type Announcements,
  type CollisionDetection,
  closestCenter,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  rectSortingStrategy,
  SortableContext,
  sortableKeyboardCoordinates,
} from "@dnd-kit/sortable";
import { useEffect, useMemo, useRef, useState } from "react";
import type { CollectionOut, ImageOut } from "@/api/types.gen";
import { arrange } from "@/features/library/grid/arrangement";
import { useGridWidth, useGridWindow } from "@/features/library/grid/use-grid-window";
import { Thumbnail } from "@/features/library/thumbnail";
import { formatCount } from "@/lib/format";
import { BoardBar } from "./board-bar";
import { BoardTile } from "./board-tile";
import { usePutInto, useReorder } from "./content-actions";
import { DropShelf, placeOf } from "./drop-shelf";
import { moved } from "./moving";

type BoardProps = {
  collection: CollectionOut;
  images: readonly ImageOut[];
  mayChange: boolean;
  /** One looks at the last of the pictures: it is time for more. */
  onNearEnd?: () => void;
};

/** So many before the last one are near the end. */
const NEAR = 30;
const SQUARE = 1000;

/** What is under the pointer on the shelf goes before the nearest picture. */
const nearest: CollisionDetection = (given) => {
  const shelf = pointerWithin(given).filter(({ id }) => placeOf(id) !== null);
  if (shelf.length > 0) return shelf;
  const droppableContainers = given.droppableContainers.filter(({ id }) => placeOf(id) === null);
  return closestCenter({ ...given, droppableContainers });
};

/** A collection's pictures, of which those in view are drawn; dragged, by mouse, finger or keys, one or all chosen go to another place. */
export function Board({ collection, images, mayChange, onNearEnd }: BoardProps) {
  const smart = collection.filter !== null;
  const reorder = useReorder(collection.id);
  const putInto = usePutInto();
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [dragged, drag] = useState<string | null>(null);
  /** The order as it was dragged, until the server's comes. */
  const [order, setOrder] = useState<string[] | null>(null);
  const [since, setSince] = useState(images);
  if (since !== images) {
    setSince(images);
    if (!reorder.isPending) setOrder(null);
  }
  const byId = new Map(images.map((image) => [image.id, image]));
  const ids = images.map(({ id }) => id);
  const shown = order?.filter((id) => byId.has(id)) ?? ids;
  const all = [...shown, ...ids.filter((id) => !shown.includes(id))];
  const grid = useRef<HTMLUListElement>(null);
  const width = useGridWidth(grid);
  const { length } = all;
  const arrangement = useMemo(
    () => arrange(new Array<number>(length).fill(SQUARE), "grid", "medium", width),
    [length, width],
  );
  const inView = useGridWindow(grid, arrangement).shown.filter((index) => index < length);
  // What is dragged stays, wherever the page is scrolled to.
  const held = dragged === null ? -1 : all.indexOf(dragged);
  const drawn = held < 0 || inView.includes(held) ? inView : [...inView, held];
  const atEnd = (inView.at(-1) ?? 0) >= length - NEAR;
  useEffect(() => {
    if (atEnd && length > 0) onNearEnd?.();
  }, [atEnd, length, onNearEnd]);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const still = new Set([...chosen].filter((id) => byId.has(id)));
  const drop = (active: string, over: string | number | undefined) => {
    drag(null);
    if (over === undefined) return;
    const place = placeOf(over);
    if (place) {
      const going = still.has(active) ? all.filter((id) => still.has(id)) : [active];
      putInto.mutate({ place, ids: going });
      return;
    }
    const change = smart ? null : moved(all, active, String(over), still);
    if (!change) return;
    setOrder(change.order);
    reorder.mutate({ ids: change.ids, after: change.after }, { onError: () => setOrder(null) });
  };
  const several = dragged !== null && still.has(dragged) ? still.size : 1;
  const image = dragged === null ? undefined : byId.get(dragged);
  return (
    <div className="grid gap-4">
      <BoardBar
        collection={collection}
        images={all.flatMap((id) => byId.get(id) ?? [])}
        chosen={still}
        onClear={() => choose(new Set())}
        mayChange={mayChange}
      />
      <DndContext
        sensors={sensors}
        collisionDetection={nearest}
        accessibility={{ announcements: announcements(all, collection) }}
        onDragStart={({ active }) => drag(String(active.id))}
        onDragEnd={({ active, over }) => drop(String(active.id), over?.id)}
        onDragCancel={() => drag(null)}
      >
        <SortableContext items={all} strategy={rectSortingStrategy} disabled={!mayChange}>
          <ul
            aria-label={`Pictures of ${collection.name}`}
            ref={grid}
            className="relative"
            style={{ height: arrangement.total }}
          >
            {drawn.map((index) => {
              const id = all[index] ?? "";
              const its = byId.get(id);
              return its ? (
                <BoardTile
                  key={id}
                  image={its}
                  index={index}
                  setSize={collection.image_count}
                  box={arrangement.boxOf(index)}
                  chosen={still.has(id)}
                  choosing={still.size > 0}
                  mayChange={mayChange}
                  fixed={smart}
                  onChoose={() => {
                    const next = new Set(still);
                    if (!next.delete(id)) next.add(id);
                    choose(next);
                  }}
                />
              ) : null;
            })}
          </ul>
        </SortableContext>
        {dragged === null ? null : <DropShelf apartFrom={collection.id} />}
        <DragOverlay>
          {image ? (
            <span className="relative block size-full cursor-grabbing overflow-hidden rounded-lg shadow-overlay ring-3 ring-primary">
              <Thumbnail image={image} sizes="200px" />
              {several > 1 ? (
                <span className="absolute top-2 right-2 rounded-full bg-primary px-2.5 py-1 text-xs font-semibold text-primary-foreground">
                  {several}
                </span>
              ) : null}
            </span>
          ) : null}
        </DragOverlay>
      </DndContext>
    </div>
  );
}

/** What a screen reader says of a drag. */
function announcements(order: readonly string[], collection: CollectionOut): Announcements {
  const at = (id: string | number) =>
    placeOf(id)?.name ??
    `place ${order.indexOf(String(id)) + 1} of ${formatCount(collection.image_count, "picture")}`;
  return {
    onDragStart: ({ active }) => `Picked up the picture at ${at(active.id)}.`,
    onDragOver: ({ over }) => (over ? `It is over ${at(over.id)}.` : "It is over no place."),
    onDragEnd: ({ over }) => (over ? `It was put down at ${at(over.id)}.` : "It was put back."),
    onDragCancel: () => "It was put back.",
  };
}
