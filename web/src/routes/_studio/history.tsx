import { createFileRoute } from "@tanstack/react-router";
import { HistoryPage } from "@/features/generation/history-page";
import { readSearch } from "@/features/generation/history-search";

export const Route = createFileRoute("/_studio/history")({
  validateSearch: readSearch,
  component: HistoryRoute,
});

function HistoryRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <HistoryPage
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true })}
    />
  );
}
