import { Link } from "@tanstack/react-router";
import { ReactCompareSlider, ReactCompareSliderImage } from "react-compare-slider";
import type { ImageOut } from "@/api/types.gen";
import { Button, buttonVariants } from "@/ui/button";

type BeforeAfterProps = {
  before: ImageOut;
  after: ImageOut;
  /** Where the earlier one lies in a picture that has grown. */
  at?: { left: number; top: number };
  onAgain: () => void;
};

/** What came of it: the picture before and after, under one divider. */
export function BeforeAfter({ before, after, at, onAgain }: BeforeAfterProps) {
  return (
    <section aria-label="Result" className="flex h-[70dvh] w-full flex-col bg-subtle lg:h-full">
      <div className="m-4 grid min-h-0 flex-1 [container-type:size] place-items-center">
        <ReactCompareSlider
          className="overflow-hidden rounded-lg bg-muted"
          style={{
            width: `min(100cqw, ${(100 * after.width) / after.height}cqh)`,
            aspectRatio: `${after.width} / ${after.height}`,
          }}
          itemOne={
            at ? (
              <div className="relative size-full bg-muted">
                <img
                  src={before.url}
                  alt="Before"
                  className="absolute max-w-none"
                  style={{
                    left: `${(100 * at.left) / after.width}%`,
                    top: `${(100 * at.top) / after.height}%`,
                    width: `${(100 * before.width) / after.width}%`,
                  }}
                />
              </div>
            ) : (
              <ReactCompareSliderImage src={before.url} alt="Before" />
            )
          }
          itemTwo={<ReactCompareSliderImage src={after.url} alt="After" />}
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
