import { Link } from "@tanstack/react-router";
import { Columns2, Ellipsis } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { buttonVariants } from "@/ui/button";
import { FEWEST, MOST } from "./compare-search";

/** In the bar of a selection: two to four pictures are compared, one alone has its menu. */
export function CompareChosen({ chosen }: { chosen: readonly ImageOut[] }) {
  const [first] = chosen;
  if (first && chosen.length === 1)
    return (
      <button
        type="button"
        data-image={first.id}
        data-image-menu
        aria-haspopup="menu"
        aria-label="What can be made of it"
        title="What can be made of it"
        className={buttonVariants({ variant: "ghost", size: "icon" })}
      >
        <Ellipsis aria-hidden />
      </button>
    );
  if (chosen.length < FEWEST || chosen.length > MOST) return null;
  return (
    <Link
      to="/compare"
      search={{ ids: chosen.map(({ id }) => id).join(",") }}
      className={buttonVariants({ variant: "secondary", size: "sm" })}
    >
      <Columns2 aria-hidden /> Compare
    </Link>
  );
}
