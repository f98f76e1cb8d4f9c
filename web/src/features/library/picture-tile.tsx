import { Link } from "@tanstack/react-router";
import type { ImageOut } from "@/api/types.gen";
import { placeColour, Thumbnail } from "./thumbnail";

/** One picture in its own shape; opens its page. */
export function PictureTile({ image }: { image: ImageOut }) {
  return (
    <Link
      to="/images/$id"
      params={{ id: image.id }}
      className="relative block overflow-hidden rounded-xl border bg-muted shadow-card transition-[box-shadow,scale] duration-200 ease-studio hover:scale-[1.01] hover:shadow-raised"
      style={{
        aspectRatio: `${image.width} / ${image.height}`,
        backgroundColor: placeColour(image),
      }}
    >
      <Thumbnail image={image} sizes="(min-width: 1024px) 24rem, 50vw" />
    </Link>
  );
}
