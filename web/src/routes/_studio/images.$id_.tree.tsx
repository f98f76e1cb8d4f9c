import { createFileRoute } from "@tanstack/react-router";
import { TreePage } from "@/features/iteration/tree-page";

export const Route = createFileRoute("/_studio/images/$id_/tree")({ component: TreeRoute });

function TreeRoute() {
  const { id } = Route.useParams();
  return <TreePage id={id} />;
}
