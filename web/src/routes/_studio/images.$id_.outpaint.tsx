import { createFileRoute } from "@tanstack/react-router";
import { OutpaintPage } from "@/features/iteration/outpaint-page";

export const Route = createFileRoute("/_studio/images/$id_/outpaint")({
  component: OutpaintRoute,
});

function OutpaintRoute() {
  const { id } = Route.useParams();
  return <OutpaintPage key={id} id={id} />;
}
