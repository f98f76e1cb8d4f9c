import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronRight, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { cn } from "@/lib/cn";
import { formatCount, formatNumber } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { type Branch, type Layout, nest, type Place } from "./tree-layout";
import { operationName, shortName } from "./tree-words";

/** Rows at first, and each time that more are asked for. */
const PAGE = 150;
/** Deeper generations stand beside each other: there would be no room left for them. */
const DEEPEST = 12;

type TreeListProps = {
  layout: Layout;
  here: string;
  chosen: readonly string[];
  onChoose: (id: string) => void;
  onFold: (id: string) => void;
};

/** The family as lists in lists. */
export function TreeList({ layout, ...rest }: TreeListProps) {
  const [count, setCount] = useState(PAGE);
  const left = layout.places.length - count;
  return (
    <div className="grid gap-4 p-4 sm:p-6">
      <Branches branches={nest(layout.places, count, DEEPEST)} label="Family" {...rest} />
      {left > 0 ? (
        <Button
          variant="secondary"
          className="justify-self-center"
          onClick={() => setCount(count + PAGE)}
        >
          Show more ({formatNumber(left)} left)
        </Button>
      ) : null}
    </div>
  );
}

type BranchesProps = Omit<TreeListProps, "layout"> & { branches: Branch[]; label?: string };

function Branches({ branches, label, ...rest }: BranchesProps) {
  return (
    <ul
      aria-label={label}
      className={cn("grid gap-2", !label && "mt-2 ml-2 border-l pl-2 sm:ml-5 sm:pl-4")}
    >
      {branches.map(({ place, below }) => (
        <li key={place.node.id} className="min-w-0">
          <Row place={place} {...rest} />
          {below.length > 0 ? <Branches branches={below} {...rest} /> : null}
        </li>
      ))}
    </ul>
  );
}

function Row({
  place,
  here,
  chosen,
  onChoose,
  onFold,
}: Omit<BranchesProps, "branches"> & { place: Place }) {
  const { node, offspring, folded } = place;
  const name = shortName(node);
  return (
    <div
      data-image={node.purged ? undefined : node.id}
      className={cn(
        "group/picture flex items-center gap-2 rounded-xl border bg-card p-1.5 sm:gap-3",
        node.id === here && "ring-2 ring-brand",
        node.purged && "border-dashed bg-transparent",
      )}
    >
      {offspring > 0 ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-expanded={folded === 0}
          aria-label={folded > 0 ? `Show ${folded} made from it` : "Fold what was made from it"}
          onClick={() => onFold(node.id)}
        >
          {folded > 0 ? <ChevronRight aria-hidden /> : <ChevronDown aria-hidden />}
        </Button>
      ) : (
        <span className="w-2 sm:w-8" />
      )}
      {node.purged ? (
        <p className="py-2 text-sm text-muted-foreground">
          Purged · {operationName(node.operation)}
        </p>
      ) : (
        <>
          <Link
            to="/images/$id"
            params={{ id: node.id }}
            aria-current={node.id === here ? "page" : undefined}
            className="flex min-w-0 flex-1 items-center gap-3 rounded-lg"
          >
            <span className="size-12 shrink-0 overflow-hidden rounded-lg bg-muted">
              {node.thumbnail ? (
                <img
                  src={node.thumbnail}
                  alt=""
                  loading="lazy"
                  decoding="async"
                  className={cn("size-full object-cover", node.deleted && "opacity-40 grayscale")}
                />
              ) : null}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{name}</span>
              <span className="flex min-w-0 items-center gap-2 text-xs text-muted-foreground">
                <span className="truncate">
                  {operationName(node.operation)}
                  {folded > 0 ? ` · ${formatCount(folded, "picture")} folded` : ""}
                </span>
                {node.is_favorite ? (
                  <Star aria-label="Favourite" className="size-3.5 shrink-0 fill-current" />
                ) : null}
                {node.deleted ? (
                  <Badge kind="warning">
                    <Trash2 aria-hidden /> Trash
                  </Badge>
                ) : null}
              </span>
            </span>
          </Link>
          <PictureMenuButton className="static size-8 shrink-0 pointer-coarse:grid pointer-coarse:opacity-100" />
          <label className="grid size-10 shrink-0 place-items-center">
            <input
              type="checkbox"
              checked={chosen.includes(node.id)}
              onChange={() => onChoose(node.id)}
              aria-label={`Choose for comparing: ${name}`}
              className="size-4.5 accent-primary"
            />
          </label>
        </>
      )}
    </div>
  );
}
