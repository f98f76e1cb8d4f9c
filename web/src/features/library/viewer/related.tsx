import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { relatedImagesOptions } from "@/api/@tanstack/react-query.gen";
import type { ImageOut } from "@/api/types.gen";
import type { ImageContext } from "../image-filter";
import { PictureMenuButton } from "../picture-menu-button";
import { placeColour, Thumbnail } from "../thumbnail";

const MOST = 8;
const GROUPS = [
  ["siblings", "Made together with it"],
  ["children", "Made from it"],
  ["same_prompt", "Of the same prompt"],
  ["similar", "Alike to look at"],
] as const;

/** Pictures that have to do with one: what it was made from, what was made from it, what looks like it. */
export function Related({ image, context }: { image: ImageOut; context: ImageContext }) {
  const { data } = useQuery({
    ...relatedImagesOptions({ path: { id: image.id } }),
    staleTime: 60_000,
  });
  if (!data) return null;
  const groups = GROUPS.map(([name, title]) => ({ title, images: data[name].slice(0, MOST) }));
  const all = data.parent ? [{ title: "Made from", images: [data.parent] }, ...groups] : groups;
  return all.map(({ title, images }) =>
    images.length === 0 ? null : (
      <section key={title} aria-label={title} className="grid gap-2">
        <h2 className="text-sm font-semibold tracking-normal">{title}</h2>
        <ul className="grid grid-cols-4 gap-1.5">
          {images.map((one) => (
            <li key={one.id} data-image={one.id} className="group/picture relative">
              <Link
                to="/images/$id"
                params={{ id: one.id }}
                search={context}
                className="relative block aspect-square overflow-hidden rounded-lg bg-muted"
                style={{ backgroundColor: placeColour(one) }}
              >
                <Thumbnail image={one} sizes="80px" />
              </Link>
              <PictureMenuButton />
            </li>
          ))}
        </ul>
      </section>
    ),
  );
}
