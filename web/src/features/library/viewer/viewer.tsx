import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { ArrowLeft, RotateCcw, Trash2, WandSparkles } from "lucide-react";
import { lazy, type MouseEvent, type ReactNode, Suspense, useEffect, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { formatAgo, formatNumber } from "@/lib/format";
import { type Shortcuts, useShortcuts } from "@/lib/shortcuts";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import type { Target } from "../actions/acts";
import { changeImages } from "../actions/change-images";
import { rateImages, useEditImage } from "../actions/edit-image";
import { GalleryDialogs } from "../actions/gallery-dialogs";
import { undo } from "../actions/undo";
import type { Asked } from "../actions/use-gallery-actions";
import { lookAt } from "../grid/grid-position";
import { useMoveImage } from "../image-actions";
import type { ImageContext } from "../image-filter";
import { Details } from "./details";
import { DownloadButton } from "./download-button";
import { useNeighbours } from "./neighbours";
import { Stage } from "./stage";

const About = lazy(() => import("./about").then((module) => ({ default: module.About })));
const Related = lazy(() => import("./related").then((module) => ({ default: module.Related })));
/** The field that the key for tags leads to. */
const TAGS_FIELD = "picture-tags";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The entry before this one is the grid that the picture was opened from. */
    fromGrid?: boolean;
  }
}

/** What stands above the details of a picture; it says when something in front has the keys. */
export type PictureTools = (image: ImageOut, onBusy: (busy: boolean) => void) => ReactNode;

type ViewerProps = { image: ImageOut; context: ImageContext; tools?: PictureTools | undefined };

export function Viewer({ image, context, tools }: ViewerProps) {
  const router = useRouter();
  const navigate = useNavigate();
  const [menuOpen, setMenuOpen] = useState(false);
  const [toolOpen, setToolOpen] = useState(false);
  const trashed = image.deleted_at !== null;
  // A picture that left its list has the neighbours of the list that it is in now.
  const { trash: _trash, ...filter } = context;
  const neighbours = useNeighbours(image, trashed ? { trash: true } : filter);
  const { previous, next } = neighbours;
  const { trash, restore, mayMove } = useMoveImage();
  const { fromGrid = false, __TSR_index: entry } = router.history.location.state;

  useEffect(() => lookAt(entry, image.id), [entry, image.id]);
  usePreload(previous);
  usePreload(next);

  const back = context.trash
    ? ({ to: "/trash" } as const)
    : ({ to: "/images", search: filter } as const);
  const leave = () => (fromGrid ? router.history.back() : void navigate(back));
  const show = ({ id }: ImageOut) =>
    void navigate({
      to: "/images/$id",
      params: { id },
      search: context,
      state: { fromGrid },
      replace: true,
      resetScroll: false,
    });
  const client = useQueryClient();
  const edit = useEditImage();
  const target: Target = { ids: [image.id] };
  const [asked, setAsked] = useState<{ dialog: Asked; target: Target } | null>(null);
  const rate = (rating: number | null) => () => void rateImages(client, [image], rating);
  const keys: Shortcuts = {
    f: () => void edit(image, { is_favorite: !image.is_favorite }, "That it is a favourite"),
    t: () => document.getElementById(TAGS_FIELD)?.focus(),
    m: () => setAsked({ dialog: "move", target }),
    "0": rate(null),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((stars) => [String(stars), rate(stars)])),
  };
  const remove = () => {
    trash(image);
    const onward = next ?? previous;
    if (onward) show(onward);
    else leave();
  };

  useShortcuts(
    menuOpen || toolOpen || asked !== null
      ? {}
      : {
          z: () => void undo(),
          "?": () => setAsked({ dialog: "keys", target }),
          ...(mayMove && !trashed && keys),
        },
  );

  return (
    <div className="flex flex-col lg:h-[calc(100dvh-3.5rem)] lg:flex-row">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex h-14 shrink-0 items-center gap-2 border-b px-3 sm:px-4">
          <Link
            {...back}
            onClick={(event: MouseEvent) => {
              if (!fromGrid || event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              leave();
            }}
            className={buttonVariants({ variant: "ghost", size: "sm" })}
          >
            <ArrowLeft aria-hidden /> {context.trash ? "Trash" : "Images"}
          </Link>
          <p className="mr-auto text-sm text-muted-foreground tabular-nums max-[22rem]:hidden">
            {placeOf(neighbours)}
          </p>
          {trashed || !mayMove ? null : (
            <Link
              to="/generate"
              search={{ from: image.id }}
              aria-label="Use these settings"
              title="Use these settings for a new picture"
              className={buttonVariants({ size: "sm" })}
            >
              <WandSparkles aria-hidden /> <span className="max-sm:hidden">Use these settings</span>
            </Link>
          )}
          <DownloadButton image={image} open={menuOpen} onOpenChange={setMenuOpen} />
          {!mayMove ? null : trashed ? (
            <Button size="sm" onClick={() => restore(image)}>
              <RotateCcw aria-hidden /> Restore
            </Button>
          ) : (
            <Button
              variant="secondary"
              size="sm"
              aria-label="Delete"
              title="Delete"
              onClick={remove}
            >
              <Trash2 aria-hidden /> <span className="max-sm:hidden">Delete</span>
            </Button>
          )}
        </div>
        <div className="relative h-[min(68dvh,40rem)] lg:h-auto lg:min-h-0 lg:flex-1">
          <Stage
            image={image}
            previous={previous && (() => show(previous))}
            next={next && (() => show(next))}
            onLeave={leave}
            onDelete={trashed || !mayMove ? undefined : remove}
            busy={menuOpen || toolOpen || asked !== null}
          />
        </div>
      </div>
      <aside
        aria-label="Details"
        className="border-t p-4 sm:p-6 lg:w-88 lg:shrink-0 lg:overflow-y-auto lg:border-t-0 lg:border-l lg:p-5"
      >
        {image.deleted_at ? (
          <Alert kind="warning" title="In the trash" className="mb-4">
            Deleted {formatAgo(image.deleted_at)}. Restore it to have it in your library again.
          </Alert>
        ) : null}
        {tools?.(image, setToolOpen)}
        <div className="grid gap-6">
          {mayMove && !trashed ? (
            <Suspense fallback={<Skeleton className="h-96 rounded-xl" />}>
              <About
                key={image.id}
                image={image}
                onMove={() => setAsked({ dialog: "move", target })}
              />
            </Suspense>
          ) : null}
          <Details image={image} />
          <Suspense>
            <Related image={image} context={filter} />
          </Suspense>
        </div>
      </aside>
      <GalleryDialogs
        asked={asked}
        of="viewer"
        onClose={() => setAsked(null)}
        run={(act, which) => void changeImages(client, which, act)}
      />
    </div>
  );
}

function placeOf({ position, total }: { position: number | null; total: number | null }): string {
  if (position === null) return "";
  return total === null
    ? formatNumber(position)
    : `${formatNumber(position)} of ${formatNumber(total)}`;
}

/** Fetches a neighbour before it is asked for. */
function usePreload(image: ImageOut | undefined) {
  const thumbnail = image?.rendered ? image.thumbnails["1024"] : undefined;
  const original = image?.url;
  useEffect(() => {
    // After what is in view.
    const timer = setTimeout(() => {
      for (const address of [thumbnail, original]) if (address) new Image().src = address;
    }, 300);
    return () => clearTimeout(timer);
  }, [thumbnail, original]);
}
