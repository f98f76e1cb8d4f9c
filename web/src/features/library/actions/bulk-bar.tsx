import { FolderInput, Heart, RotateCcw, Tag, Trash2, X } from "lucide-react";
import type { ReactNode } from "react";
import { ExportButton } from "@/features/exports/export-button";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount, formatNumber } from "@/lib/format";
import { Button } from "@/ui/button";
import type { Choosing } from "../selection/use-selection";
import type { Act, Target } from "./acts";
import type { Asked } from "./use-gallery-actions";

type BulkBarProps = {
  choosing: Choosing;
  total: number;
  trash?: boolean;
  run: (act: Act) => void;
  ask: (dialog: Asked) => void;
  target: () => Target | null;
  /** What else can be done with them. */
  children?: ReactNode;
};

/** What can be done with the chosen pictures. */
export function BulkBar({
  choosing,
  total,
  trash = false,
  run,
  ask,
  target,
  children,
}: BulkBarProps) {
  const mayChange = useMayChange();
  const { size, selection } = choosing;
  const source = () => {
    const which = target();
    if (!which) return null;
    const selection = "ids" in which ? { ids: which.ids } : { filter: which.filter };
    return { of: "images", which: selection } as const;
  };
  return (
    <section
      aria-label="Chosen pictures"
      className="fixed inset-x-2 bottom-17 z-30 mx-auto flex w-fit max-w-[calc(100vw-1rem)] flex-wrap items-center justify-center gap-1 rounded-2xl border bg-popover p-1.5 text-popover-foreground shadow-overlay md:bottom-5"
    >
      <div className="flex items-center gap-1">
        <Tool label="Choose nothing (Esc)" onClick={choosing.clear}>
          <X aria-hidden />
        </Tool>
        <p role="status" className="px-1 text-sm font-medium whitespace-nowrap tabular-nums">
          {selection.every && selection.ids.size === 0 ? "All " : ""}
          {formatCount(size, "picture")}
        </p>
        {size < total ? (
          <Button variant="ghost" size="sm" onClick={choosing.all} title="Ctrl+A">
            Choose all {formatNumber(total)}
          </Button>
        ) : null}
      </div>
      <div className="flex flex-wrap items-center justify-center gap-0.5">
        {trash || !mayChange ? null : (
          <>
            <Tool
              label="Make favourites (f)"
              onClick={() => run({ kind: "favorite", favorite: true })}
            >
              <Heart aria-hidden />
            </Tool>
            <Tool label="Tag (t)" onClick={() => ask("tag")}>
              <Tag aria-hidden />
            </Tool>
            <Tool label="Move to a project (m)" onClick={() => ask("move")}>
              <FolderInput aria-hidden />
            </Tool>
            {children}
          </>
        )}
        <ExportButton source={source} variant="ghost" side="top" />
        {!mayChange ? null : trash ? (
          <Button size="sm" onClick={() => run({ kind: "restore" })}>
            <RotateCcw aria-hidden /> Restore
          </Button>
        ) : (
          <Tool label="Move to the trash (Del)" onClick={() => run({ kind: "delete" })}>
            <Trash2 aria-hidden />
          </Tool>
        )}
      </div>
    </section>
  );
}

type ToolProps = { label: string; onClick: () => void; children: ReactNode };

function Tool({ label, onClick, children }: ToolProps) {
  return (
    <Button variant="ghost" size="icon" aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  );
}
