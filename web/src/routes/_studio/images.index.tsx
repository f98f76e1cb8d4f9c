import { createFileRoute } from "@tanstack/react-router";
import { readFilter } from "@/features/library/image-filter";
import { ImagesPage } from "@/features/library/images-page";

export const Route = createFileRoute("/_studio/images/")({
  validateSearch: readFilter,
  component: ImagesRoute,
});

function ImagesRoute() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ImagesPage
      filter={filter}
      onFilter={(search) => void navigate({ to: ".", search, replace: true })}
    />
  );
}
