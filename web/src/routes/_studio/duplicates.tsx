import { createFileRoute } from "@tanstack/react-router";
import { DuplicatesPage } from "@/features/upkeep/duplicates-page";
import { readLikeness } from "@/features/upkeep/likeness";

export const Route = createFileRoute("/_studio/duplicates")({
  validateSearch: readLikeness,
  component: DuplicatesRoute,
});

function DuplicatesRoute() {
  const likeness = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <DuplicatesPage
      likeness={likeness}
      onLikeness={(search) => void navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
