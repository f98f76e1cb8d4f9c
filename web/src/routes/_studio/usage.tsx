import { createFileRoute } from "@tanstack/react-router";
import { UsagePage } from "@/features/credits/usage-page";
import { readUsageSearch } from "@/features/credits/usage-search";

export const Route = createFileRoute("/_studio/usage")({
  validateSearch: readUsageSearch,
  component: UsageRoute,
});

function UsageRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <UsagePage
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}
