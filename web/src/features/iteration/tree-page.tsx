import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { ArrowLeft, Columns2, ImageOff, ListTree, Network, Repeat } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { getImageTreeOptions } from "@/api/@tanstack/react-query.gen";
import type { ReplayOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount } from "@/lib/format";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { useStudioEvent } from "@/lib/studio-events";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { ToggleGroup } from "@/ui/toggle-group";
import { MOST } from "./compare-search";
import { layOut } from "./tree-layout";
import { TreeList } from "./tree-list";
import { TreeMap } from "./tree-map";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The picture whose branch is to be made again. */
    replay?: string;
  }
}

const ReplayDialog = lazy(() =>
  import("./replay-dialog").then((module) => ({ default: module.ReplayDialog })),
);
const ReplayStrip = lazy(() =>
  import("./replay-strip").then((module) => ({ default: module.ReplayStrip })),
);

type Look = "map" | "list";

const LOOKS = [
  {
    value: "map" as const,
    label: "Map",
    content: (
      <>
        <Network aria-hidden /> Map
      </>
    ),
  },
  {
    value: "list" as const,
    label: "List",
    content: (
      <>
        <ListTree aria-hidden /> List
      </>
    ),
  },
];

const firstLook = (): Look => (matchMedia("(min-width: 640px)").matches ? "map" : "list");

/** A picture with all that it came from and all that was made from it. */
export function TreePage({ id }: { id: string }) {
  usePageTitle("Family tree");
  const tree = useTree(id);
  const [look, setLook] = useState(firstLook);
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => new Set());
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const layout = useMemo(() => layOut(tree.data?.nodes ?? [], folded), [tree.data, folded]);
  const fold = useCallback(
    (which: string) =>
      setFolded((before) => {
        const next = new Set(before);
        if (!next.delete(which)) next.add(which);
        return next;
      }),
    [],
  );
  const choose = useCallback(
    (which: string) =>
      setChosen((before) =>
        before.includes(which)
          ? before.filter((each) => each !== which)
          : [...before, which].slice(-MOST),
      ),
    [],
  );
  const replay = useReplaying();
  const mayChange = useMayChange();
  const parts = { layout, here: id, chosen, onChoose: choose, onFold: fold };
  return (
    <div className="flex min-h-[calc(100dvh-7.5rem)] flex-col md:h-[calc(100dvh-3.5rem)] md:min-h-0">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-2.5 sm:px-4">
        <Link
          to="/images/$id"
          params={{ id }}
          className={buttonVariants({ variant: "ghost", size: "sm" })}
        >
          <ArrowLeft aria-hidden /> Picture
        </Link>
        <h1 className="text-lg">Family tree</h1>
        <p className="mr-auto text-sm text-muted-foreground">
          {tree.data ? formatCount(tree.data.nodes.length, "picture") : ""}
        </p>
        {mayChange ? (
          <Button variant="ghost" size="sm" onClick={() => replay.ask(chosen.at(-1) ?? id)}>
            <Repeat aria-hidden /> Replay…
          </Button>
        ) : null}
        <Chosen ids={chosen} onClear={() => setChosen([])} />
        <ToggleGroup aria-label="Show as" choices={LOOKS} value={look} onChange={setLook} />
      </div>
      <Suspense>
        {replay.begun ? <ReplayStrip id={replay.begun} onClose={replay.forget} /> : null}
        {replay.asked && mayChange ? (
          <ReplayDialog id={replay.asked} onBegun={replay.begin} onClose={replay.close} />
        ) : null}
      </Suspense>
      {tree.data?.truncated ? (
        <p className="border-b bg-warning-soft px-4 py-2 text-sm text-warning-text">
          This family is larger than what is shown here.
        </p>
      ) : null}
      <div className="relative min-h-0 flex-1">
        {tree.data ? (
          look === "map" ? (
            <div className="absolute inset-0">
              <TreeMap {...parts} />
            </div>
          ) : (
            <div className="md:h-full md:overflow-y-auto">
              <TreeList {...parts} />
            </div>
          )
        ) : tree.isPending ? (
          <div role="status" aria-label="Loading the family" className="size-full p-4 sm:p-6">
            <Skeleton className="h-[50dvh] rounded-xl" />
          </div>
        ) : (
          <Failed error={tree.error} onRetry={() => void tree.refetch()} />
        )}
      </div>
    </div>
  );
}

/** The branch that is asked about, and the replay that was begun here. */
function useReplaying() {
  const { replay: wanted, __TSR_key: visit } = useLocation({ select: ({ state }) => state });
  const [asked, ask] = useState<string | null>(null);
  const [begun, setBegun] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same branch may be asked for again.
  useEffect(() => {
    if (wanted) ask(wanted);
  }, [wanted, visit]);
  return {
    asked,
    ask,
    begun,
    begin: ({ id }: ReplayOut) => {
      setBegun(id);
      ask(null);
    },
    close: () => ask(null),
    forget: () => setBegun(null),
  };
}

/** Bursts of events are answered once. */
const GATHER_MS = 300;

function useTree(id: string) {
  const client = useQueryClient();
  const options = getImageTreeOptions({ path: { id } });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refresh = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => void client.invalidateQueries({ queryKey: options.queryKey }),
      GATHER_MS,
    );
  };
  useStudioEvent("image.created", refresh);
  useStudioEvent("image.updated", refresh);
  useStudioEvent("image.rendered", refresh);
  useStudioEvent("image.deleted", refresh);
  useStudioEvent("image.restored", refresh);
  return useQuery({ ...options, placeholderData: keepPreviousData });
}

function Chosen({ ids, onClear }: { ids: readonly string[]; onClear: () => void }) {
  if (ids.length === 0) return null;
  return (
    <div className="flex items-center gap-2">
      <p role="status" className="text-sm text-muted-foreground">
        {ids.length === 1 ? "Choose another to compare" : `${ids.length} chosen`}
      </p>
      {ids.length > 1 ? (
        <Link
          to="/compare"
          search={{ ids: ids.join(",") }}
          className={buttonVariants({ size: "sm" })}
        >
          <Columns2 aria-hidden /> Compare
        </Link>
      ) : null}
      <Button variant="ghost" size="sm" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error instanceof Problem && (error.status === 404 || error.status === 422)) {
    return (
      <EmptyState
        icon={ImageOff}
        title="This picture is not here"
        action={
          <Link to="/images" className={buttonVariants()}>
            Go to Images
          </Link>
        }
      >
        The address may be mistyped, or the picture belongs to someone else.
      </EmptyState>
    );
  }
  return (
    <div className="p-4 sm:p-6">
      <Alert
        kind="error"
        title="The family could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {reasonOf(error)}
      </Alert>
    </div>
  );
}
