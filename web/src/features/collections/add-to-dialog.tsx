import { FolderOpen, Plus, SquareStack } from "lucide-react";
import { useState } from "react";
import { useProjectChoices } from "@/features/projects/projects";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Input } from "@/ui/input";
import { Skeleton } from "@/ui/skeleton";
import { useCollectionActions, useCollectionChoices } from "./collections";
import { type Place, usePutInto } from "./content-actions";

type AddToDialogProps = { ids: string[]; onClose: () => void; onDone?: (() => void) | undefined };

/** Chooses where pictures go: a collection, which they are added to, or a project, which they move to. */
export function AddToDialog({ ids, onClose, onDone }: AddToDialogProps) {
  const [q, search] = useState("");
  const projects = useProjectChoices();
  const collections = useCollectionChoices();
  const { create } = useCollectionActions();
  const putInto = usePutInto();
  const put = (place: Place) =>
    putInto.mutate(
      { place, ids },
      {
        onSuccess: () => {
          onClose();
          onDone?.();
        },
      },
    );
  const named = q.trim();
  const begin = () =>
    create.mutate(
      { body: { name: named } },
      { onSuccess: ({ id, name }) => put({ kind: "collection", id, name }) },
    );
  const found = <Item extends { name: string }>(items: readonly Item[] | undefined) =>
    (items ?? []).filter(({ name }) => name.toLowerCase().includes(named.toLowerCase()));
  const hand = found(collections.data?.items.filter(({ filter }) => filter === null));
  const open = found(projects.data?.items);
  const error = collections.error ?? projects.error ?? create.error;
  return (
    <Dialog open onOpenChange={(next) => (next ? undefined : onClose())}>
      <DialogContent title={`Add ${formatCount(ids.length, "picture")} to…`}>
        <div className="grid gap-4">
          {error ? (
            <Alert kind="error" title="That did not work">
              {reasonOf(error)}
            </Alert>
          ) : null}
          <Input
            type="search"
            aria-label="Find a project or collection, or name a new collection"
            placeholder="Find one, or name a new collection"
            value={q}
            maxLength={100}
            onChange={(event) => search(event.target.value)}
          />
          {named && !hand.some(({ name }) => name === named) ? (
            <Button variant="secondary" working={create.isPending && "Creating…"} onClick={begin}>
              <Plus aria-hidden /> <span className="truncate">{`New collection “${named}”`}</span>
            </Button>
          ) : null}
          {collections.isPending || projects.isPending ? (
            <Skeleton className="h-32" />
          ) : (
            <>
              <Places title="Collections" kind="collection" items={hand} onPut={put} />
              <Places title="Projects" kind="project" items={open} onPut={put} />
              {hand.length + open.length === 0 && !named ? (
                <p className="text-sm text-muted-foreground">
                  There are none yet. Type a name to begin a collection.
                </p>
              ) : null}
            </>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}

type PlacesProps = {
  title: string;
  kind: Place["kind"];
  items: readonly { id: string; name: string; image_count: number }[];
  onPut: (place: Place) => void;
};

function Places({ title, kind, items, onPut }: PlacesProps) {
  if (items.length === 0) return null;
  const Icon = kind === "project" ? FolderOpen : SquareStack;
  return (
    <section aria-label={title} className="grid gap-1">
      <h3 className="text-xs font-medium text-muted-foreground">
        {kind === "project" ? `${title}: they move there` : title}
      </h3>
      <ul className="grid max-h-56 gap-0.5 overflow-y-auto">
        {items.map(({ id, name, image_count }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onPut({ kind, id, name })}
              className="flex h-10 w-full items-center gap-3 rounded-lg px-3 text-left text-sm -outline-offset-2 hover:bg-accent hover:text-accent-foreground"
            >
              <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
              <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
              <span className="text-muted-foreground tabular-nums">{image_count}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
