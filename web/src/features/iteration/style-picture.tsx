import { useQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { useId } from "react";
import { listImagesOptions } from "@/api/@tanstack/react-query.gen";
import type { ImageOut } from "@/api/types.gen";
import { Thumbnail } from "@/features/library/thumbnail";
import { FieldError } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";

const RECENT = 12;

type StylePictureProps = {
  image: ImageOut;
  value: string | null;
  onChange: (id: string | null) => void;
  error: string | undefined;
};

/** A second picture whose style is taken over: one of the newest. */
export function StylePicture({ image, value, onChange, error }: StylePictureProps) {
  const group = useId();
  const { data, isPending } = useQuery({
    ...listImagesOptions({ query: { limit: RECENT } }),
    staleTime: 30_000,
  });
  const others = data?.items.filter(({ id }) => id !== image.id) ?? [];
  if (data && others.length === 0) return null;
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">In the style of</legend>
      <div className="grid grid-cols-6 gap-1.5">
        <label title="Its own style" className={tileStyle}>
          <input
            type="radio"
            name={group}
            aria-label="Its own style"
            checked={value === null}
            onChange={() => onChange(null)}
            className="sr-only"
          />
          <Ban aria-hidden className="size-4 text-muted-foreground" />
        </label>
        {isPending ? <Skeleton className="aspect-square" /> : null}
        {others.map((other) => (
          <label key={other.id} title={other.title ?? other.prompt} className={tileStyle}>
            <input
              type="radio"
              name={group}
              aria-label={other.title || other.prompt || "A picture"}
              checked={value === other.id}
              onChange={() => onChange(other.id)}
              className="sr-only"
            />
            <Thumbnail image={other} sizes="3rem" />
          </label>
        ))}
      </div>
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}

const tileStyle =
  "relative grid aspect-square place-items-center overflow-hidden rounded-lg border bg-card has-checked:border-primary has-checked:ring-2 has-checked:ring-primary has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring";
