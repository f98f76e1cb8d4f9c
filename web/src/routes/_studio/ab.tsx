import { createFileRoute } from "@tanstack/react-router";
import { useCallback } from "react";
import { AbPage } from "@/features/comparisons/ab-page";
import { type AbSearch, readAb } from "@/features/comparisons/ab-search";

export const Route = createFileRoute("/_studio/ab")({
  validateSearch: readAb,
  component: AbRoute,
});

function AbRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const change = useCallback(
    (next: AbSearch) => void navigate({ to: ".", search: next, replace: true }),
    [navigate],
  );
  return <AbPage search={search} onSearch={change} />;
}
