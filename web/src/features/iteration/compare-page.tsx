import { useQueries } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { ArrowLeft, Columns2, Minus, Plus, Scan } from "lucide-react";
import { useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { useImageEvents } from "@/features/library/image-events";
import { imageQuery } from "@/features/library/image-lists";
import { cn } from "@/lib/cn";
import { usePageTitle } from "@/lib/page-title";
import { reasonOf } from "@/lib/problem";
import { useShortcuts } from "@/lib/shortcuts";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { ToggleGroup } from "@/ui/toggle-group";
import { type CompareMode, type CompareSearch, FEWEST, idsOf } from "./compare-search";
import { BlinkStage, HeatStage, LETTERS, SideBySide, SliderStage } from "./compare-stages";
import { CompareTable } from "./compare-table";
import { type SharedView, useSharedView } from "./compare-view";

type ComparePageProps = { search: CompareSearch; onSearch: (search: CompareSearch) => void };
type Mode = CompareMode | "side";

const MODES: { value: Mode; label: string }[] = [
  { value: "side", label: "Side by side" },
  { value: "slider", label: "Slider" },
  { value: "blink", label: "Blink" },
  { value: "heat", label: "Difference" },
];

/** Two to four pictures, looked at together, and what differs in how they were made. */
export function ComparePage({ search, onSearch }: ComparePageProps) {
  usePageTitle("Compare");
  useImageEvents();
  const ids = idsOf(search.ids);
  const queries = useQueries({ queries: ids.map((id) => imageQuery(id)) });
  const images = queries.flatMap(({ data }) => (data ? [data] : []));
  const failed = queries.find(({ isError, data }) => isError && !data);
  if (queries.some(({ isPending }) => isPending)) {
    return (
      <div
        role="status"
        aria-label="Loading the pictures"
        className="grid gap-4 p-4 sm:grid-cols-2 sm:p-6"
      >
        <Skeleton className="h-[60dvh] rounded-xl" />
        <Skeleton className="h-[60dvh] rounded-xl max-sm:hidden" />
      </div>
    );
  }
  return (
    <>
      {failed ? (
        <div className="p-4 sm:px-6">
          <Alert
            kind="error"
            title="A picture could not be loaded"
            action={
              <Button size="sm" variant="secondary" onClick={() => void failed.refetch()}>
                Try again
              </Button>
            }
          >
            {reasonOf(failed.error)}
          </Alert>
        </div>
      ) : null}
      {images.length < FEWEST ? (
        <TooFew />
      ) : (
        <Comparison
          images={images}
          mode={search.mode ?? "side"}
          onMode={(mode) => onSearch({ ...search, mode: mode === "side" ? undefined : mode })}
          onRemove={(gone) =>
            onSearch({ ...search, ids: ids.filter((id) => id !== gone).join(",") })
          }
        />
      )}
    </>
  );
}

const FIRST_TWO: [number, number] = [0, 1];

type ComparisonProps = {
  images: ImageOut[];
  mode: Mode;
  onMode: (mode: Mode) => void;
  onRemove: (id: string) => void;
};

function Comparison({ images, mode, onMode, onRemove }: ComparisonProps) {
  const router = useRouter();
  const shared = useSharedView();
  const [wished, setPair] = useState<[number, number]>([0, 1]);
  // One that was taken out is no part of a pair any more.
  const pair = wished.every((at) => at < images.length) ? wished : FIRST_TWO;
  useShortcuts({
    "+": shared.zoomIn,
    "=": shared.zoomIn,
    "-": shared.zoomOut,
    "0": shared.showAll,
  });
  const [one, two] = [images[pair[0]], images[pair[1]]];
  const paired = mode === "slider" || mode === "heat";
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2.5 sm:px-4">
        <Button variant="ghost" size="sm" onClick={() => router.history.back()}>
          <ArrowLeft aria-hidden /> Back
        </Button>
        <h1 className="mr-auto text-lg">Compare</h1>
        {paired && images.length > FEWEST ? (
          <Pair images={images} pair={pair} onPair={setPair} />
        ) : null}
        <ToggleGroup
          aria-label="How to compare"
          choices={MODES}
          value={mode}
          onChange={onMode}
          className="max-sm:w-full max-sm:justify-between"
          itemClassName="max-sm:px-2"
        />
      </div>
      <div
        className={cn(
          "relative border-b sm:h-[66dvh]",
          mode === "side" ? "max-sm:h-auto" : "h-[60dvh]",
        )}
      >
        {mode === "side" ? <SideBySide images={images} shared={shared} /> : null}
        {mode === "blink" ? <BlinkStage images={images} shared={shared} /> : null}
        {mode === "slider" && one && two ? (
          <SliderStage one={one} two={two} shared={shared} letters={pair} />
        ) : null}
        {mode === "heat" && one && two ? <HeatStage one={one} two={two} shared={shared} /> : null}
        <Zoom shared={shared} />
      </div>
      <CompareTable images={images} onRemove={onRemove} />
    </div>
  );
}

type PairProps = {
  images: ImageOut[];
  pair: [number, number];
  onPair: (pair: [number, number]) => void;
};

function Pair({ images, pair: [one, two], onPair }: PairProps) {
  const options = images.map((_, at) => ({ value: String(at), label: LETTERS[at] ?? "" }));
  return (
    <div className="flex items-center gap-1.5 text-sm">
      <Select
        aria-label="First picture"
        options={options}
        value={String(one)}
        onChange={(value) => onPair([Number(value), two])}
        className="w-18"
      />
      with
      <Select
        aria-label="Second picture"
        options={options}
        value={String(two)}
        onChange={(value) => onPair([one, Number(value)])}
        className="w-18"
      />
    </div>
  );
}

function Zoom({ shared }: { shared: SharedView }) {
  return (
    <div className="absolute right-3 bottom-3 flex items-center gap-0.5 rounded-xl border bg-popover/95 p-1 text-popover-foreground shadow-card">
      <Button variant="ghost" size="icon-sm" aria-label="Zoom out" onClick={shared.zoomOut}>
        <Minus aria-hidden />
      </Button>
      <span className="w-12 text-center text-xs tabular-nums">
        {Math.round(shared.view.scale * 100)} %
      </span>
      <Button variant="ghost" size="icon-sm" aria-label="Zoom in" onClick={shared.zoomIn}>
        <Plus aria-hidden />
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label="Show all" onClick={shared.showAll}>
        <Scan aria-hidden />
      </Button>
    </div>
  );
}

function TooFew() {
  return (
    <EmptyState
      icon={Columns2}
      title="Choose pictures to compare"
      action={
        <Link to="/images" className={buttonVariants()}>
          Go to Images
        </Link>
      }
    >
      Two to four pictures can be looked at together. Open a picture's family tree and choose them
      there.
    </EmptyState>
  );
}
