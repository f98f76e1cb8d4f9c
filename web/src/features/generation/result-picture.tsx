import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download, Ellipsis, SlidersHorizontal, Trash2 } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { useMoveImage } from "@/features/library/image-actions";
import { placeColour, Thumbnail } from "@/features/library/thumbnail";
import { cn } from "@/lib/cn";
import { buttonVariants } from "@/ui/button";
import { refreshGeneration } from "./feed";
import { dropImage } from "./follow";
import { imagePath } from "./paths";

const actionStyle = cn(
  buttonVariants({ variant: "secondary", size: "icon-sm" }),
  "border-transparent bg-popover/90 text-popover-foreground hover:bg-popover",
);
/** By then the trash has been told, and an undoing of ours would be seen. */
const SETTLED_MS = 1_500;

type ResultPictureProps = {
  image: ImageOut;
  columns: number;
  onUseSettings: (() => void) | null;
};

/** A finished picture: opens its page, and has its commonest actions at hand. */
export function ResultPicture({ image, columns, onUseSettings }: ResultPictureProps) {
  const client = useQueryClient();
  const { trash } = useMoveImage();
  const remove = () => {
    trash(image);
    dropImage(client, image.id);
    const from = image.generation_id;
    if (from) setTimeout(() => void refreshGeneration(client, from), SETTLED_MS);
  };
  return (
    <>
      <Link
        to={imagePath(image.id)}
        className="absolute inset-0 overflow-hidden rounded-[inherit] -outline-offset-2"
        style={{ backgroundColor: image.thumbhash ? placeColour(image) : undefined }}
      >
        <Thumbnail
          image={image}
          sizes={`(min-width: 1024px) ${Math.round(44 / columns)}rem, 50vw`}
        />
      </Link>
      <div className="absolute top-2 right-2 flex gap-1.5 opacity-0 transition-opacity duration-200 ease-studio group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        {onUseSettings ? (
          <button
            type="button"
            aria-label="Use these settings"
            title="Use these settings, with this seed"
            onClick={onUseSettings}
            className={actionStyle}
          >
            <SlidersHorizontal aria-hidden />
          </button>
        ) : null}
        <a
          href={image.download_url}
          download
          aria-label="Download"
          title="Download"
          className={actionStyle}
        >
          <Download aria-hidden />
        </a>
        <button
          type="button"
          data-image-menu=""
          aria-haspopup="menu"
          aria-label="What can be made of it"
          title="What can be made of it (right click)"
          className={actionStyle}
        >
          <Ellipsis aria-hidden />
        </button>
        <button
          type="button"
          aria-label="Move to the trash"
          title="Move to the trash"
          onClick={remove}
          className={actionStyle}
        >
          <Trash2 aria-hidden />
        </button>
      </div>
    </>
  );
}
