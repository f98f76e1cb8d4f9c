import { createFileRoute } from "@tanstack/react-router";
import { ComparePage } from "@/features/iteration/compare-page";
import { readCompare } from "@/features/iteration/compare-search";

export const Route = createFileRoute("/_studio/compare")({
  validateSearch: readCompare,
  component: CompareRoute,
});

function CompareRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ComparePage
      search={search}
      onSearch={(next) => void navigate({ to: ".", search: next, replace: true })}
    />
  );
}
