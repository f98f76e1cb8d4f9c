import { useNavigate } from "@tanstack/react-router";
import { Minus, Plus, Scan } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Button } from "@/ui/button";
import { BOX, COLUMN, type Layout, type Place, stepFrom, type Way, within } from "./tree-layout";
import { TreeTile, tileId } from "./tree-tile";
import { areaOf, useMapView } from "./tree-view";

type TreeMapProps = {
  layout: Layout;
  /** The picture that the tree was opened from. */
  here: string;
  chosen: readonly string[];
  onChoose: (id: string) => void;
  onFold: (id: string) => void;
};

const WAYS: Record<string, Way> = {
  ArrowLeft: "parent",
  ArrowRight: "child",
  ArrowUp: "above",
  ArrowDown: "below",
  Home: "first",
  End: "last",
};

/** The family as a map. Keys: arrows go about, Enter opens, Space chooses, F folds, + - 0 zoom. Only what is in view is drawn. */
export function TreeMap({ layout, here, chosen, onChoose, onFold }: TreeMapProps) {
  const navigate = useNavigate();
  const stage = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(here);
  const active = layout.byId.get(at) ?? layout.byId.get(here) ?? layout.places[0];
  const { view, size, zoomIn, zoomOut, showAll, reveal } = useMapView(stage, layout, active);
  const area = areaOf(view, size);
  const shown = within(layout.places, area);
  // What the keys are at must be there to be named.
  const drawn = active && !shown.includes(active) ? [...shown, active] : shown;

  const goTo = (place: Place) => {
    setAt(place.node.id);
    reveal(place);
  };
  const actions: Record<string, () => void> = {
    "+": zoomIn,
    "=": zoomIn,
    "-": zoomOut,
    "0": showAll,
  };
  if (active) {
    const { id, purged } = active.node;
    if (!purged) {
      actions.Enter = () => void navigate({ to: "/images/$id", params: { id } });
      actions[" "] = () => onChoose(id);
    }
    if (active.offspring > 0) actions.f = () => onFold(id);
    for (const [key, way] of Object.entries(WAYS))
      actions[key] = () => {
        if (way === "child" && active.folded > 0) onFold(id);
        else goTo(stepFrom(layout, active, way));
      };
  }
  const press = (event: KeyboardEvent) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  return (
    <div className="relative size-full">
      <div
        ref={stage}
        role="tree"
        aria-label="Family tree"
        aria-multiselectable
        aria-activedescendant={active && tileId(active.node.id)}
        tabIndex={0}
        onKeyDown={press}
        className="group/map absolute inset-0 cursor-grab touch-none overflow-hidden bg-subtle -outline-offset-2 select-none active:cursor-grabbing"
      >
        <div
          role="presentation"
          className="absolute top-0 left-0 size-0 origin-top-left"
          style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
        >
          <svg aria-hidden="true" className="absolute size-px overflow-visible text-input">
            <path
              d={linesOf(layout.places, drawn, area)}
              fill="none"
              stroke="currentColor"
              strokeWidth={1.5}
            />
          </svg>
          {drawn.map((place) => (
            <TreeTile
              key={place.node.id}
              place={place}
              here={place.node.id === here}
              active={place === active}
              chosen={chosen.includes(place.node.id)}
              onChoose={onChoose}
              onFold={onFold}
            />
          ))}
        </div>
      </div>
      <div className="absolute right-3 bottom-3 flex items-center gap-0.5 rounded-xl border bg-popover/95 p-1 text-popover-foreground shadow-card">
        <Button variant="ghost" size="icon-sm" aria-label="Zoom out" onClick={zoomOut}>
          <Minus aria-hidden />
        </Button>
        <span className="w-12 text-center text-xs tabular-nums">
          {Math.round(view.scale * 100)} %
        </span>
        <Button variant="ghost" size="icon-sm" aria-label="Zoom in" onClick={zoomIn}>
          <Plus aria-hidden />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label="Show all" onClick={showAll}>
          <Scan aria-hidden />
        </Button>
      </div>
    </div>
  );
}

/** How far right of a picture the line to its children branches. */
const BRANCHING = 24;

/** One trunk for each parent and one twig for each child, so that a thousand children are no thousand long lines. */
function linesOf(
  places: readonly Place[],
  drawn: readonly Place[],
  area: { left: number; right: number },
): string {
  const twigs = drawn
    .filter(({ parent }) => parent)
    .map(({ x, y }) => `M${x - COLUMN + BOX + BRANCHING} ${y + BOX / 2}H${x}`);
  const trunks = places
    .filter(({ x, children }) => children.length > 0 && x <= area.right && x + COLUMN >= area.left)
    .map(({ x, y, children }) => {
      const [first, last] = [children[0]?.y ?? y, children.at(-1)?.y ?? y];
      const from = `M${x + BOX} ${y + BOX / 2}h${BRANCHING}`;
      return first === last
        ? from
        : `${from}M${x + BOX + BRANCHING} ${first + BOX / 2}V${last + BOX / 2}`;
    });
  return [...trunks, ...twigs].join("");
}
