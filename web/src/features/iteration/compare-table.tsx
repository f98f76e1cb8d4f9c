import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useId, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { nameOf } from "@/features/library/image-page";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Switch } from "@/ui/switch";
import { differs, diffWords, type SettingRow, settingsOf } from "./compare-diff";
import { FEWEST } from "./compare-search";
import { LETTERS } from "./compare-stages";

type CompareTableProps = { images: ImageOut[]; onRemove: (id: string) => void };

/** The settings beside each other; of words, what is not as in the first. */
export function CompareTable({ images, onRemove }: CompareTableProps) {
  const [all, setAll] = useState(false);
  const label = useId();
  const rows = settingsOf(images);
  const shown = all ? rows : rows.filter(differs);
  return (
    <section aria-labelledby={label} className="grid gap-3 p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id={label} className="mr-auto text-lg">
          Settings
        </h2>
        <label htmlFor={`${label}-all`} className="text-sm">
          Show what is the same, too
        </label>
        <Switch id={`${label}-all`} checked={all} onChange={setAll} />
      </div>
      <section
        aria-label="Settings as a table"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys.
        tabIndex={0}
        className="overflow-x-auto rounded-xl border bg-card"
      >
        <table className="min-w-full border-collapse text-sm">
          <thead>
            <tr className="border-b">
              <th
                scope="col"
                className="w-32 px-3.5 py-2 text-left font-medium text-muted-foreground"
              >
                Setting
              </th>
              {images.map((image, at) => (
                <th key={image.id} scope="col" className="px-3.5 py-2 text-left font-medium">
                  <span className="flex items-center gap-2">
                    <span className="grid size-6 shrink-0 place-items-center rounded-full bg-muted text-xs font-semibold">
                      {LETTERS[at]}
                    </span>
                    <Link
                      to="/images/$id"
                      params={{ id: image.id }}
                      className="max-w-56 truncate text-primary-text hover:underline"
                    >
                      {nameOf(image)}
                    </Link>
                    {images.length > FEWEST ? (
                      <Button
                        variant="ghost"
                        size="icon-sm"
                        aria-label={`Take ${LETTERS[at]} out`}
                        onClick={() => onRemove(image.id)}
                      >
                        <X aria-hidden />
                      </Button>
                    ) : null}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {shown.map((row) => (
              <Setting key={row.name} row={row} marked={all && differs(row)} />
            ))}
          </tbody>
        </table>
        {shown.length === 0 ? (
          <p className="px-3.5 py-4 text-sm text-muted-foreground">
            They were made with the same settings.
          </p>
        ) : null}
      </section>
    </section>
  );
}

function Setting({ row, marked }: { row: SettingRow; marked: boolean }) {
  const [first] = row.values;
  return (
    <tr className={cn(marked && "bg-primary-soft/40")}>
      <th scope="row" className="px-3.5 py-2 text-left align-top font-normal text-muted-foreground">
        {row.name}
      </th>
      {row.values.map((value, at) => (
        <td key={LETTERS[at]} className="px-3.5 py-2 align-top">
          {value === undefined ? (
            <span className="text-muted-foreground">None</span>
          ) : row.words && at > 0 ? (
            <p className={wordsStyle}>
              <Words before={first ?? ""} after={value} />
            </p>
          ) : (
            <p className={wordsStyle}>{value}</p>
          )}
        </td>
      ))}
    </tr>
  );
}

const wordsStyle = "w-max max-w-[min(24rem,60vw)] break-words whitespace-pre-wrap";

function Words({ before, after }: { before: string; after: string }) {
  return diffWords(before, after).map(({ kind, text }, at) =>
    kind === "same" ? (
      text
    ) : kind === "gone" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no identity but their order.
      <del key={at} className="rounded bg-destructive-soft text-destructive-text">
        {text}
      </del>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no identity but their order.
      <ins key={at} className="rounded bg-success-soft text-success-text no-underline">
        {text}
      </ins>
    ),
  );
}
