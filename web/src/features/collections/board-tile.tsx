import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Link } from "@tanstack/react-router";
import { Check, GripVertical } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import type { Box } from "@/features/library/grid/arrangement";
import { nameOf } from "@/features/library/image-page";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { placeColour, Thumbnail } from "@/features/library/thumbnail";
import { cn } from "@/lib/cn";

type BoardTileProps = {
  image: ImageOut;
  index: number;
  setSize: number;
  /** Where it stands on the board. */
  box: Box;
  chosen: boolean;
  choosing: boolean;
  mayChange: boolean;
  /** It has no place of its own to go to, but may be put elsewhere. */
  fixed: boolean;
  onChoose: () => void;
};

const buttonStyle =
  "absolute top-1.5 grid size-8 place-items-center rounded-md bg-popover/90 text-popover-foreground opacity-0 transition-opacity duration-200 ease-studio group-hover:opacity-100 focus-visible:opacity-100 [@media(hover:none)]:opacity-100 [&_svg]:size-4";

/** One picture of a board. A mouse or a finger drags it as a whole, the keys by its grip. */
export function BoardTile(props: BoardTileProps) {
  const { image, index, setSize, box, chosen, choosing, mayChange, fixed, onChoose } = props;
  const {
    setNodeRef,
    setActivatorNodeRef,
    attributes,
    listeners,
    transform,
    transition,
    isDragging,
  } = useSortable({
    id: image.id,
    disabled: { draggable: !mayChange, droppable: fixed || !mayChange },
  });
  const name = nameOf(image);
  const { onKeyDown, ...pointers } = listeners ?? {};
  return (
    <li
      ref={setNodeRef}
      {...pointers}
      aria-posinset={index + 1}
      aria-setsize={setSize}
      data-image={image.id}
      data-held=""
      className={cn("group group/picture absolute touch-manipulation", isDragging && "opacity-30")}
      style={{ ...box, transform: CSS.Transform.toString(transform), transition }}
    >
      <Link
        to="/images/$id"
        params={{ id: image.id }}
        draggable={false}
        onClick={(event) => {
          if (!choosing) return;
          event.preventDefault();
          onChoose();
        }}
        className={cn(
          "relative block size-full overflow-hidden rounded-lg bg-muted [-webkit-touch-callout:none]",
          chosen && "ring-3 ring-primary ring-inset",
        )}
        style={{ backgroundColor: placeColour(image) }}
      >
        <span
          className={cn("absolute inset-0", chosen && "scale-[0.9] overflow-hidden rounded-md")}
        >
          <Thumbnail image={image} sizes="200px" first={index < 6} />
        </span>
      </Link>
      <PictureMenuButton className="top-auto bottom-1.5 left-1.5 size-8" />
      {mayChange ? (
        <>
          <button
            type="button"
            aria-pressed={chosen}
            aria-label={`Choose ${name}`}
            onClick={onChoose}
            onMouseDown={(event) => event.stopPropagation()}
            className={cn(
              buttonStyle,
              "left-1.5",
              choosing && "opacity-100",
              chosen && "bg-primary text-primary-foreground",
            )}
          >
            <Check aria-hidden />
          </button>
          {fixed ? null : (
            <button
              type="button"
              ref={setActivatorNodeRef}
              {...attributes}
              aria-label={`Move ${name}, now at place ${index + 1}`}
              onKeyDown={onKeyDown as React.KeyboardEventHandler | undefined}
              className={cn(buttonStyle, "right-1.5 cursor-grab")}
            >
              <GripVertical aria-hidden />
            </button>
          )}
        </>
      ) : null}
    </li>
  );
}
