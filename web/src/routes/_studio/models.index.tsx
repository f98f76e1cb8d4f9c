import { createFileRoute } from "@tanstack/react-router";
import { ModelsPage } from "@/features/catalogue/models-page";
import { readModelsSearch } from "@/features/catalogue/models-search";

export const Route = createFileRoute("/_studio/models/")({
  validateSearch: readModelsSearch,
  component: ModelsRoute,
});

function ModelsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ModelsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}
