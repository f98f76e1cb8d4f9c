import { Link } from "@tanstack/react-router";
import { Sparkles, SquareStack } from "lucide-react";
import type { CollectionOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { formatCount } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { raisedCard } from "@/ui/card";

/** A collection as a card: its cover or its first pictures, its name, how many it shows. */
export function CollectionCard({ collection }: { collection: CollectionOut }) {
  const { id, name, filter, image_count } = collection;
  return (
    <Link
      to="/collections/$id"
      params={{ id }}
      className={cn(
        "group block overflow-hidden rounded-xl border bg-card text-card-foreground shadow-card",
        raisedCard,
      )}
    >
      <Cover collection={collection} />
      <span className="grid gap-1 p-4">
        <bdi className="truncate font-semibold">{name}</bdi>
        <span className="flex items-center justify-between gap-2 text-sm text-muted-foreground">
          {formatCount(image_count, "picture")}
          {filter ? (
            <Badge kind="primary">
              <Sparkles aria-hidden /> Smart
            </Badge>
          ) : null}
        </span>
      </span>
    </Link>
  );
}

function Cover({ collection }: { collection: CollectionOut }) {
  const { cover_image_id, cover_url, previews } = collection;
  const style = "aspect-[4/3] overflow-hidden bg-muted";
  if (!cover_url) {
    return (
      <span className={cn("grid place-items-center", style)}>
        <SquareStack aria-hidden className="size-10 text-muted-foreground/60" />
      </span>
    );
  }
  const several = cover_image_id === null && previews.length === 4;
  return (
    <span className={cn("grid gap-0.5", several && "grid-cols-2 grid-rows-2", style)}>
      {(several ? previews : [cover_url]).map((address) => (
        <img
          key={address}
          src={address}
          alt=""
          loading="lazy"
          draggable={false}
          className="size-full min-h-0 object-cover"
        />
      ))}
    </span>
  );
}
