import { ImageOff } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { whenIdle } from "@/lib/idle";
import { averageColour, drawHash, isTransparent, readHash, toBitmap } from "./grid/thumbhash";

/** The colour of a picture's box before anything of it is there; none where it would shine through for ever. */
export function placeColour({ thumbhash, colors }: ImageOut): string | undefined {
  const hash = thumbhash ? readHash(thumbhash) : null;
  if (hash && isTransparent(hash)) return undefined;
  return hash ? averageColour(hash) : colors[0];
}

type ThumbnailProps = {
  image: ImageOut;
  /** How wide it is shown, as in the `sizes` of an image. */
  sizes: string;
  /** Does not begin to load yet; what is loaded stays. */
  wait?: boolean;
  /** One of the first of its page: asked for before others, and never faded in. */
  first?: boolean;
};

/** A picture that comes in gently: its blur first, then the thumbnail over it; its words when it cannot be had. */
export function Thumbnail({ wait = false, ...rest }: ThumbnailProps) {
  const [begun, setBegun] = useState(!wait);
  if (!begun && !wait) setBegun(true);
  return begun ? <Loading {...rest} /> : null;
}

/** What is there sooner than this comes in at once: a fade would only make it later. */
const AT_ONCE_MS = 120;

type Phase = "loading" | "fading" | "there" | "failed";

function Loading({ image, sizes, first = false }: Omit<ThumbnailProps, "wait">) {
  const { width, height, thumbnails, url, alt_text, rendered } = image;
  // Until the thumbnails are made there is only the original; one that shows is not fetched a second time.
  const [small, setSmall] = useState(rendered);
  const [phase, setPhase] = useState<Phase>("loading");
  const element = useRef<HTMLImageElement>(null);
  const [since] = useState(() => performance.now());
  const arrive = () => {
    const next = first || performance.now() - since < AT_ONCE_MS ? "there" : "fading";
    setPhase((before) => (before === "loading" ? next : before));
  };
  useLayoutEffect(() => {
    if (element.current?.complete && element.current.naturalWidth > 0) setPhase("there");
  }, []);
  if (phase === "failed") {
    return (
      <span className="grid size-full place-content-center justify-items-center gap-2 bg-muted p-3 text-center text-xs text-muted-foreground">
        <ImageOff aria-hidden className="size-5" />
        <span className="line-clamp-3">{alt_text}</span>
      </span>
    );
  }
  return (
    <>
      {phase === "there" ? null : <Blur thumbhash={image.thumbhash} />}
      <img
        ref={element}
        src={(small && thumbnails["512"]) || url}
        srcSet={small ? sourcesOf(thumbnails) : undefined}
        sizes={small ? sizes : undefined}
        alt={alt_text}
        width={width}
        height={height}
        decoding="async"
        fetchPriority={first ? "high" : "auto"}
        draggable={false}
        onLoad={arrive}
        onTransitionEnd={() => setPhase("there")}
        onError={() => (small ? setSmall(false) : setPhase("failed"))}
        className={cn(
          "absolute inset-0 size-full object-cover",
          phase !== "there" && !first && "transition-opacity duration-200 ease-studio",
          phase === "loading" && !first && "opacity-0",
        )}
      />
    </>
  );
}

function sourcesOf(thumbnails: ImageOut["thumbnails"]): string {
  return Object.entries(thumbnails)
    .map(([pixels, address]) => `${address} ${pixels}w`)
    .join(", ");
}

/** How long the average colour may stand in for the blur, which is drawn when there is time. */
const BLUR_BY_MS = 200;

/** The blur as an image: a canvas for each would be a layer of its own, and slow the scrolling. */
function Blur({ thumbhash }: { thumbhash: string | null }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const hash = thumbhash ? readHash(thumbhash) : null;
    return hash ? whenIdle(() => setAddress(toBitmap(drawHash(hash))), BLUR_BY_MS) : undefined;
  }, [thumbhash]);
  return address ? (
    <img src={address} alt="" draggable={false} className="absolute inset-0 size-full" />
  ) : null;
}
