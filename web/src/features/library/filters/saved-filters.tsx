import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, X } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { listSavedFiltersOptions, listSavedFiltersQueryKey } from "@/api/@tanstack/react-query.gen";
import { forgetFilter, saveFilter } from "@/api/sdk.gen";
import type { SavedFilterOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { cleared, fromWanted, type ImageFilter, narrows, toWanted } from "../image-filter";
import { inOrder, type OrderName } from "./sorting";

type SavedFiltersProps = { filter: ImageFilter; onChange: (filter: ImageFilter) => void };

/** Filters that are kept under a name, and a way to keep this one. */
export function SavedFilters({ filter, onChange }: SavedFiltersProps) {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const { data } = useQuery(listSavedFiltersOptions());
  const items = data?.items ?? [];
  const mayKeep = mayChange && narrows(filter);
  if (items.length === 0 && !mayKeep) return null;
  const refresh = () => client.invalidateQueries({ queryKey: listSavedFiltersQueryKey() });
  const apply = ({ filter: wanted, sort, order }: SavedFilterOut) =>
    onChange({
      ...cleared(filter),
      ...fromWanted(wanted),
      ...inOrder(`${sort}-${order}` as OrderName),
    });
  const forget = async ({ id, name }: SavedFilterOut) => {
    try {
      await forgetFilter({ path: { id }, throwOnError: true });
    } catch (error) {
      notify({ kind: "error", title: `“${name}” was not deleted`, description: reasonOf(error) });
    }
    await refresh();
  };
  return (
    <section aria-label="Saved filters" className="grid gap-1.5 border-b pb-4">
      <ul className="grid gap-0.5">
        {items.map((saved) => (
          <li key={saved.id} className="group flex items-center">
            <button
              type="button"
              onClick={() => apply(saved)}
              className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-lg px-2 py-1 text-left text-sm hover:bg-accent hover:text-accent-foreground"
            >
              <Bookmark aria-hidden className="size-4 shrink-0 text-muted-foreground" />
              <span className="truncate">{saved.name}</span>
            </button>
            {mayChange ? (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Delete the saved filter ${saved.name}`}
                title="Delete"
                onClick={() => void forget(saved)}
                className="size-7 opacity-60 group-hover:opacity-100 focus-visible:opacity-100"
              >
                <X aria-hidden />
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayKeep ? <KeepFilter filter={filter} onKept={() => void refresh()} /> : null}
    </section>
  );
}

function KeepFilter({ filter, onKept }: { filter: ImageFilter; onKept: () => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [working, setWorking] = useState(false);
  if (!open) {
    return (
      <Button variant="secondary" size="sm" onClick={() => setOpen(true)}>
        <Bookmark aria-hidden /> Save this filter
      </Button>
    );
  }
  const keep = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    setWorking(true);
    try {
      const { sort = "created", order = "desc" } = filter;
      await saveFilter({
        body: { name, filter: toWanted(filter), sort, order },
        throwOnError: true,
      });
      setOpen(false);
      setName("");
      onKept();
    } catch (error) {
      notify({ kind: "error", title: "The filter was not saved", description: reasonOf(error) });
    }
    setWorking(false);
  };
  return (
    <form onSubmit={keep} className="flex gap-1.5">
      <Input
        aria-label="Name of the filter"
        placeholder="Name"
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="h-9 min-w-0"
      />
      <Button type="submit" size="sm" className="h-9" working={working && "Saving…"}>
        Save
      </Button>
    </form>
  );
}
