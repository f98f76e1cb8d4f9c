import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "@/features/admin/audit-page";
import { readAuditSearch } from "@/features/admin/audit-search";

export const Route = createFileRoute("/_studio/admin/audit")({
  validateSearch: readAuditSearch,
  component: AuditRoute,
});

function AuditRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <AuditPage search={search} onSearch={(next) => void navigate({ search: next })} />;
}
