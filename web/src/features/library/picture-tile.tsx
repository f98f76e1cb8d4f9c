import { ImageOff } from "lucide-react";
import { useState } from "react";
import type { ImageOut } from "@/api/types.gen";

/** One picture in its own shape; opens the original. */
export function PictureTile({ image }: { image: ImageOut }) {
  const { width, height, url, colors, rendered } = image;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="block overflow-hidden rounded-xl border bg-muted shadow-card transition-[box-shadow,scale] duration-200 ease-studio hover:scale-[1.01] hover:shadow-raised"
      style={{ aspectRatio: `${width} / ${height}`, backgroundColor: colors[0] }}
    >
      <Picture key={String(rendered)} image={image} />
    </a>
  );
}

/** The thumbnail; while there is none the original; when that fails too, its words. */
function Picture({ image }: { image: ImageOut }) {
  const { width, height, thumbnails, url, alt_text, rendered } = image;
  const [source, setSource] = useState<"thumbnail" | "original" | "none">(
    rendered ? "thumbnail" : "original",
  );
  if (source === "none") {
    return (
      <span className="grid size-full place-content-center justify-items-center gap-2 p-4 text-center text-sm">
        <ImageOff aria-hidden className="size-5" />
        <span className="line-clamp-3">{alt_text}</span>
      </span>
    );
  }
  const small = source === "thumbnail";
  return (
    <img
      src={(small && thumbnails["512"]) || url}
      srcSet={
        small
          ? Object.entries(thumbnails)
              .map(([pixels, address]) => `${address} ${pixels}w`)
              .join(", ")
          : undefined
      }
      sizes="(min-width: 1024px) 24rem, 50vw"
      alt={alt_text}
      width={width}
      height={height}
      loading="lazy"
      decoding="async"
      onError={() => setSource(small ? "original" : "none")}
      className="size-full object-cover"
    />
  );
}
