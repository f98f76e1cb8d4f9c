/** Where each picture of a family stands: roots on the left, children to the right, no two in one place. */
import type { NodeOut } from "@/api/types.gen";

/** Edges of a picture's box, and the distances from one box to the next, in pixels of the map. */
export const BOX = 112;
export const COLUMN = 240;
export const ROW = 136;

export type Place = {
  node: NodeOut;
  /** The box's upper left corner. */
  x: number;
  y: number;
  /** 1 is the root. */
  level: number;
  parent: Place | null;
  /** The children that are shown; none while it is folded. */
  children: Place[];
  /** How many children there are, folded or not. */
  offspring: number;
  /** How many descendants are folded away. */
  folded: number;
  /** Which of its siblings it is, from 1. */
  position: number;
  siblings: number;
};

export type Layout = { places: Place[]; byId: Map<string, Place>; width: number; height: number };

/** Lays a family out, a node after its parent, without recursion: chains of edits can be very long. */
export function layOut(nodes: readonly NodeOut[], folded: ReadonlySet<string>): Layout {
  const offspring = offspringOf(nodes);
  const sizes = sizesOf(nodes, offspring);
  const places: Place[] = [];
  const roots = offspring.get(null) ?? [];
  const open: Place[] = [];
  const add = (siblings: readonly NodeOut[], parent: Place | null) => {
    const made = siblings.map((node, at): Place => {
      const kept = folded.has(node.id);
      const count = offspring.get(node.id)?.length ?? 0;
      return {
        node,
        x: (parent ? parent.level : 0) * COLUMN,
        y: 0,
        level: parent ? parent.level + 1 : 1,
        parent,
        children: [],
        offspring: count,
        folded: kept ? (sizes.get(node.id) ?? 1) - 1 : 0,
        position: at + 1,
        siblings: siblings.length,
      };
    });
    if (parent) parent.children = made;
    for (let at = made.length - 1; at >= 0; at -= 1) {
      const place = made[at];
      if (place) open.push(place);
    }
  };
  add(roots, null);
  let rows = 0;
  for (let place = open.pop(); place; place = open.pop()) {
    places.push(place);
    const children = offspring.get(place.node.id);
    if (children && !folded.has(place.node.id)) add(children, place);
    else {
      place.y = rows * ROW;
      rows += 1;
    }
  }
  // Children come after their parent, so from the end each parent finds its children placed.
  for (let at = places.length - 1; at >= 0; at -= 1) {
    const place = places[at];
    const first = place?.children[0];
    const last = place?.children.at(-1);
    if (place && first && last) place.y = (first.y + last.y) / 2;
  }
  const levels = places.reduce((most, { level }) => Math.max(most, level), 0);
  return {
    places,
    byId: new Map(places.map((place) => [place.node.id, place])),
    width: levels > 0 ? (levels - 1) * COLUMN + BOX : 0,
    height: rows > 0 ? (rows - 1) * ROW + BOX : 0,
  };
}

/** The children of each; under null those whose parent is not among them. */
function offspringOf(nodes: readonly NodeOut[]): Map<string | null, NodeOut[]> {
  const known = new Set(nodes.map(({ id }) => id));
  const found = new Map<string | null, NodeOut[]>();
  for (const node of nodes) {
    const parent = node.parent_id !== null && known.has(node.parent_id) ? node.parent_id : null;
    const siblings = found.get(parent);
    if (siblings) siblings.push(node);
    else found.set(parent, [node]);
  }
  return found;
}

/** How many each branch holds, its first included. A parent comes before its children. */
function sizesOf(
  nodes: readonly NodeOut[],
  offspring: ReadonlyMap<string | null, NodeOut[]>,
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const node = nodes[at];
    if (!node) continue;
    const below = offspring.get(node.id) ?? [];
    sizes.set(
      node.id,
      below.reduce((sum, { id }) => sum + (sizes.get(id) ?? 1), 1),
    );
  }
  return sizes;
}

export type Area = { left: number; top: number; right: number; bottom: number };

/** The pictures whose box, or the line that leads to it, touches the area. */
export function within(places: readonly Place[], area: Area): Place[] {
  return places.filter(
    ({ x, y }) =>
      x + BOX >= area.left &&
      x - (COLUMN - BOX) <= area.right &&
      y + BOX >= area.top &&
      y <= area.bottom,
  );
}

export type Way = "parent" | "child" | "above" | "below" | "first" | "last";

/** Where an arrow key leads from a picture; itself where there is nothing. */
export function stepFrom(layout: Layout, from: Place, way: Way): Place {
  const { places } = layout;
  if (way === "parent") return from.parent ?? from;
  if (way === "child") return from.children[0] ?? from;
  if (way === "first") return places[0] ?? from;
  if (way === "last") return places.at(-1) ?? from;
  const column = places.filter(({ level }) => level === from.level);
  return column[column.indexOf(from) + (way === "above" ? -1 : 1)] ?? from;
}

export type Branch = { place: Place; below: Branch[] };

/** The first so many as a list in lists, no deeper than `deepest`; what is deeper stands beside its parent there. */
export function nest(places: readonly Place[], count: number, deepest: number): Branch[] {
  const roots: Branch[] = [];
  const made = new Map<Place, Branch>();
  const lists = new Map<Place, Branch[]>();
  for (const place of places.slice(0, count)) {
    const branch: Branch = { place, below: [] };
    const above = place.parent ? made.get(place.parent) : undefined;
    const beside = (place.parent && lists.get(place.parent)) ?? roots;
    const list = above && place.level <= deepest ? above.below : beside;
    list.push(branch);
    made.set(place, branch);
    lists.set(place, list);
  }
  return roots;
}
