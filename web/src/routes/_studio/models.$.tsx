import { createFileRoute } from "@tanstack/react-router";
import { ModelPage } from "@/features/catalogue/model-page";

export const Route = createFileRoute("/_studio/models/$")({ component: ModelRoute });

/** A model's id has slashes: it is the rest of the address. */
function ModelRoute() {
  const { _splat = "" } = Route.useParams();
  return <ModelPage key={_splat} id={_splat} />;
}
