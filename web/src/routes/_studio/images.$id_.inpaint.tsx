import { createFileRoute } from "@tanstack/react-router";
import { InpaintPage } from "@/features/iteration/mask-page";

export const Route = createFileRoute("/_studio/images/$id_/inpaint")({
  component: InpaintRoute,
});

function InpaintRoute() {
  const { id } = Route.useParams();
  return <InpaintPage key={id} id={id} />;
}
