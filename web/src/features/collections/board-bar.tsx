import { ImageUp, SquareMinus, X } from "lucide-react";
import type { CollectionOut, ImageOut } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { notify } from "@/ui/notify";
import { AddTo } from "./add-to";
import { useCollectionActions } from "./collections";
import { useTakeOut } from "./content-actions";

type BoardBarProps = {
  collection: CollectionOut;
  images: readonly ImageOut[];
  chosen: ReadonlySet<string>;
  onClear: () => void;
  mayChange: boolean;
};

/** What can be done with the chosen pictures; without any, how to choose and drag. */
export function BoardBar({ collection, images, chosen, onClear, mayChange }: BoardBarProps) {
  const takeOut = useTakeOut(collection.id);
  const { update } = useCollectionActions();
  if (!mayChange) return null;
  const smart = collection.filter !== null;
  if (chosen.size === 0) {
    return smart ? null : (
      <p className="text-sm text-muted-foreground">
        Drag pictures to put them in order. Choose several to move them together.
      </p>
    );
  }
  const ids = images.map(({ id }) => id).filter((id) => chosen.has(id));
  const [first] = ids;
  const makeCover = () =>
    update.mutate(
      { path: { id: collection.id }, body: { cover_image_id: first ?? null } },
      {
        onSuccess: () => notify({ kind: "success", title: "It is the cover now" }),
        onError: (error) =>
          notify({ kind: "error", title: "That was not done", description: reasonOf(error) }),
      },
    );
  return (
    <div className="sticky top-16 z-20 flex flex-wrap items-center gap-2 rounded-xl border bg-background/95 p-2 shadow-card backdrop-blur">
      <span role="status" className="px-2 text-sm font-medium">
        {`${formatCount(ids.length, "picture")} chosen`}
      </span>
      <AddTo ids={ids} onDone={onClear} />
      {ids.length === 1 ? (
        <Button size="sm" variant="secondary" onClick={makeCover}>
          <ImageUp aria-hidden /> Make it the cover
        </Button>
      ) : null}
      {smart ? null : (
        <Button
          size="sm"
          variant="secondary"
          working={takeOut.isPending && "Taking out…"}
          onClick={() => takeOut.mutate({ ids, order: images }, { onSuccess: onClear })}
        >
          <SquareMinus aria-hidden /> Take out
        </Button>
      )}
      <Button size="sm" variant="ghost" onClick={onClear} className="ml-auto">
        <X aria-hidden /> Choose none
      </Button>
    </div>
  );
}
