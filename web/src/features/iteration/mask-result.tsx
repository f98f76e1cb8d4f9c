import { Link } from "@tanstack/react-router";
import { ReactCompareSlider, ReactCompareSliderImage } from "react-compare-slider";
import type { ImageOut } from "@/api/types.gen";
import { Button, buttonVariants } from "@/ui/button";

type BeforeAfterProps = { before: ImageOut; after: ImageOut; onAgain: () => void };

/** What came of it: the picture before and after, under one divider. */
export function BeforeAfter({ before, after, onAgain }: BeforeAfterProps) {
  return (
    <section aria-label="Result" className="flex size-full flex-col bg-subtle">
      <div className="grid min-h-0 flex-1 place-items-center p-4">
        <ReactCompareSlider
          className="h-full max-w-full overflow-hidden rounded-lg"
          style={{ aspectRatio: `${after.width} / ${after.height}` }}
          itemOne={
            <ReactCompareSliderImage
              src={before.url}
              alt="Before"
              style={{ objectFit: "contain" }}
            />
          }
          itemTwo={
            <ReactCompareSliderImage src={after.url} alt="After" style={{ objectFit: "contain" }} />
          }
        />
      </div>
      <div className="flex flex-wrap items-center justify-center gap-2 border-t bg-background p-3">
        <Button variant="secondary" onClick={onAgain}>
          Try again
        </Button>
        <Link to="/images/$id" params={{ id: after.id }} className={buttonVariants()}>
          Open the new picture
        </Link>
      </div>
    </section>
  );
}
