import { Link } from "@tanstack/react-router";
import { Images } from "lucide-react";
import { usePageTitle } from "@/lib/page-title";
import { buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";

export function ImagesPage() {
  usePageTitle("Images");
  return (
    <EmptyState
      icon={Images}
      title="No pictures yet"
      action={
        <Link to="/generate" className={buttonVariants()}>
          Make the first one
        </Link>
      }
    >
      Every picture you make is kept here, with its prompt, its seed and all of its settings.
    </EmptyState>
  );
}
