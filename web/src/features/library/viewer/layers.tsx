import { ImageOff } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import type { ImageOut } from "@/api/types.gen";
import { cn } from "@/lib/cn";
import { Spinner } from "@/ui/spinner";
import { placeColour } from "../thumbnail";

/** Screen pixels for one picture pixel from which the pixels themselves are shown, sharp. */
const PIXELS_FROM = 3;
/** An original that is there sooner is not announced. */
const PATIENCE_MS = 600;

type LayersProps = { image: ImageOut; frame: RefObject<HTMLDivElement | null>; scale: number };

/** The picture at its own size, to be scaled: the thumbnail first, the original over it. */
export function Layers({ image, frame, scale }: LayersProps) {
  const { width, height, thumbnails, rendered, url, alt_text } = image;
  const [original, setOriginal] = useState<"coming" | "there" | "failed">("coming");
  const late = useLate(original === "coming");
  const thumbnail = rendered ? thumbnails["1024"] : undefined;
  const sharp = scale * devicePixelRatio >= PIXELS_FROM;
  return (
    <>
      <div
        ref={frame}
        className="absolute top-1/2 left-1/2 origin-center overflow-hidden will-change-transform"
        style={{
          width,
          height,
          marginLeft: -width / 2,
          marginTop: -height / 2,
          backgroundColor: original === "there" ? undefined : placeColour(image),
        }}
      >
        {thumbnail && original !== "there" ? (
          <img src={thumbnail} alt="" draggable={false} className="absolute inset-0 size-full" />
        ) : null}
        <img
          src={url}
          alt={alt_text}
          width={width}
          height={height}
          draggable={false}
          decoding="async"
          onLoad={() => setOriginal("there")}
          onError={() => setOriginal("failed")}
          className={cn(
            "absolute inset-0 size-full max-w-none",
            original !== "there" && "opacity-0",
            sharp && "[image-rendering:pixelated]",
          )}
        />
      </div>
      {original === "failed" || late ? (
        <p
          role="status"
          className="absolute bottom-3 left-3 flex items-center gap-2 rounded-full border bg-popover/95 px-3 py-1 text-xs text-muted-foreground"
        >
          {original === "failed" ? (
            <>
              <ImageOff aria-hidden className="size-3.5" /> The original could not be loaded
            </>
          ) : (
            <>
              <Spinner className="size-3.5" /> Loading the original
            </>
          )}
        </p>
      ) : null}
    </>
  );
}

function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late;
}
