import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { listImagesOptions } from "@/api/@tanstack/react-query.gen";
import { raisedCard } from "@/ui/card";
import { Skeleton } from "@/ui/skeleton";

const MOST = 8;

/** The workspace's own latest pictures of a model. */
export function ModelSamples({ id }: { id: string }) {
  const { data, isPending } = useQuery(listImagesOptions({ query: { model: id, limit: MOST } }));
  if (isPending)
    return (
      <div role="status" aria-label="Loading pictures">
        <Skeleton className="h-40" />
      </div>
    );
  if (!data?.items.length) return null;
  return (
    <section aria-labelledby="samples" className="grid gap-4">
      <h2 id="samples" className="text-lg">
        Made with it here
      </h2>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {data.items.map(({ id: image, thumbnails, url, alt_text, width, height }) => (
          <li key={image}>
            <Link
              to="/images/$id"
              params={{ id: image }}
              className={`block aspect-square overflow-hidden rounded-xl border bg-muted ${raisedCard}`}
            >
              <img
                src={thumbnails["512"] ?? url}
                alt={alt_text}
                width={width}
                height={height}
                loading="lazy"
                decoding="async"
                className="size-full object-cover"
              />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
