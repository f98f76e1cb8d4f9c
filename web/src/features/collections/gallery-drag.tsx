import {
  DndContext,
  DragOverlay,
  type Modifier,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useDraggable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useEffect, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import type { DragParts } from "@/features/library/actions/chosen-pictures";
import { Thumbnail } from "@/features/library/thumbnail";
import { formatNumber } from "@/lib/format";
import { usePutInto } from "./content-actions";
import { DropShelf, type PlaceKind, placeOf } from "./drop-shelf";

const HOLD_MS = 220;
const SLOP_PX = 8;
/** The picture that goes with the pointer, in pixels. */
const SIZE = 112;
/** So many at most go into a collection at once. */
const MOST = 1_000;

/** Under the pointer: what is dragged is not the grid as a whole, from whose corner it would come else. */
const underPointer: Modifier = ({ activatorEvent, draggingNodeRect, transform }) => {
  const at = activatorEvent && pointOf(activatorEvent);
  if (!at || !draggingNodeRect) return transform;
  return {
    ...transform,
    x: transform.x + at.clientX - draggingNodeRect.left - SIZE / 2,
    y: transform.y + at.clientY - draggingNodeRect.top - SIZE / 2,
  };
};

function pointOf(event: Event): { clientX: number; clientY: number } | null {
  if (event instanceof MouseEvent) return event;
  return (event as TouchEvent).touches?.[0] ?? null;
}

/**
 * Lets a mouse or a finger drag the chosen pictures of the gallery onto a project or a collection. It lies beside the
 * grid and not around it, so that the grid is not drawn anew when it comes. Keys have "Move" and "Add to…" for it.
 */
export function GalleryDrag(props: DragParts) {
  const { chosen, size, onMove, onDone } = props;
  const putInto = usePutInto();
  const [dragging, drag] = useState(false);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: SLOP_PX } }),
    useSensor(TouchSensor, { activationConstraint: { delay: HOLD_MS, tolerance: SLOP_PX } }),
  );
  /** What the drag began with: a finger that rests may choose and leave while it goes on. */
  const taken = useRef<readonly ImageOut[]>([]);
  // A collection takes pictures by their ids, so all of them must be here.
  const whole = chosen.length === size && size <= MOST;
  const kinds: readonly PlaceKind[] = whole ? ["collection", "project"] : ["project"];
  const [first] = chosen;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      autoScroll={false}
      onDragStart={() => {
        taken.current = chosen;
        drag(true);
      }}
      onDragCancel={() => drag(false)}
      onDragEnd={({ over }) => {
        drag(false);
        const place = over && placeOf(over.id);
        if (!place) return;
        if (place.kind === "project") return onMove(place);
        const ids = taken.current.map(({ id }) => id);
        putInto.mutate({ place, ids }, { onSuccess: onDone });
      }}
    >
      <Source {...props} />
      {dragging ? <DropShelf kinds={kinds} /> : null}
      <DragOverlay
        dropAnimation={null}
        modifiers={[underPointer]}
        style={{ width: SIZE, height: SIZE }}
      >
        {dragging && first ? (
          <span className="relative block size-28 cursor-grabbing overflow-hidden rounded-lg shadow-overlay ring-3 ring-primary">
            <Thumbnail image={first} sizes="112px" />
            <span className="absolute top-1.5 right-1.5 rounded-full bg-primary px-2 py-0.5 text-xs font-semibold text-primary-foreground">
              {formatNumber(size)}
            </span>
          </span>
        ) : null}
      </DragOverlay>
    </DndContext>
  );
}

/** Hears at the grid where a drag may begin: at a picture that is chosen, and nowhere else. */
function Source({ grid, isChosen }: DragParts) {
  const { setNodeRef, listeners } = useDraggable({ id: "gallery" });
  const latest = useRef({ isChosen, listeners });
  latest.current = { isChosen, listeners };
  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    setNodeRef(element);
    const begin = (name: "onMouseDown" | "onTouchStart") => (nativeEvent: Event) => {
      const tile = (nativeEvent.target as HTMLElement).closest<HTMLAnchorElement>("a[href]");
      const id = /\/images\/([0-9a-f-]{36})/.exec(tile?.getAttribute("href") ?? "")?.[1];
      if (!id || !latest.current.isChosen(id)) return;
      // dnd-kit's listeners take React's event, of which they read these.
      latest.current.listeners?.[name]?.({ nativeEvent, target: nativeEvent.target });
    };
    const mouse = begin("onMouseDown");
    const touch = begin("onTouchStart");
    element.addEventListener("mousedown", mouse);
    element.addEventListener("touchstart", touch, { passive: true });
    return () => {
      setNodeRef(null);
      element.removeEventListener("mousedown", mouse);
      element.removeEventListener("touchstart", touch);
    };
  }, [grid, setNodeRef]);
  return null;
}
