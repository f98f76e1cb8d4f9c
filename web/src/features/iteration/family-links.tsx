import { Link } from "@tanstack/react-router";
import { Columns2, Network } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { buttonVariants } from "@/ui/button";

/** To what a picture came from and what was made of it. */
export function FamilyLinks({ image: { id, parent_image_id } }: { image: ImageOut }) {
  const style = buttonVariants({ variant: "secondary", size: "sm" });
  return (
    <nav aria-label="Family" className="mb-5 flex flex-wrap gap-2">
      <Link to="/images/$id/tree" params={{ id }} className={style}>
        <Network aria-hidden /> Family tree
      </Link>
      {parent_image_id ? (
        <Link to="/compare" search={{ ids: `${parent_image_id},${id}` }} className={style}>
          <Columns2 aria-hidden /> Compare with parent
        </Link>
      ) : null}
    </nav>
  );
}
