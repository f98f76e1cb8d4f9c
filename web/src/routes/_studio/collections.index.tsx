import { createFileRoute } from "@tanstack/react-router";
import { CollectionsPage } from "@/features/collections/collections-page";

export const Route = createFileRoute("/_studio/collections/")({
  validateSearch: ({ q }: Record<string, unknown>): { q?: string | undefined } => ({
    q: typeof q === "string" && q !== "" && q.length <= 200 ? q : undefined,
  }),
  component: CollectionsRoute,
});

function CollectionsRoute() {
  const { q = "" } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <CollectionsPage
      q={q}
      onSearch={(next) =>
        void navigate({ to: ".", search: { q: next || undefined }, replace: true })
      }
    />
  );
}
