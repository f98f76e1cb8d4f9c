import { Link } from "@tanstack/react-router";
import type { DryRunOut } from "@/api/types.gen";
import { PictureMenuButton } from "@/features/library/picture-menu-button";
import { Thumbnail } from "@/features/library/thumbnail";
import { Card } from "@/ui/card";

/** What a clean-up would take now. */
export function DryRun({ found, words }: { found: DryRunOut; words: string }) {
  const { images, first } = found;
  return (
    <Card className="grid gap-3 p-4 sm:p-5">
      <h3 role="status" className="text-sm font-medium">
        {images === 0
          ? "Nothing would go to the trash now."
          : `${words} would go to the trash now.`}
      </h3>
      {first.length > 0 ? (
        <>
          <ul
            aria-label="The oldest of them"
            className="grid grid-cols-[repeat(auto-fill,minmax(5rem,1fr))] gap-2"
          >
            {first.map((image) => (
              <li key={image.id} data-image={image.id} className="group/picture relative">
                <Link
                  to="/images/$id"
                  params={{ id: image.id }}
                  className="relative block aspect-square overflow-hidden rounded-lg bg-muted"
                >
                  <Thumbnail image={image} sizes="96px" />
                </Link>
                <PictureMenuButton />
              </li>
            ))}
          </ul>
          {images > first.length ? (
            <p className="text-sm text-muted-foreground">{`These are the oldest ${first.length}.`}</p>
          ) : null}
        </>
      ) : null}
    </Card>
  );
}
