import { createFileRoute } from "@tanstack/react-router";
import { CollectionPage } from "@/features/collections/collection-page";

export const Route = createFileRoute("/_studio/collections/$id")({
  component: CollectionRoute,
});

function CollectionRoute() {
  const { id } = Route.useParams();
  return <CollectionPage key={id} id={id} />;
}
