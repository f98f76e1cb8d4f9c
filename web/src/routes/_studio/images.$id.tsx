import { createFileRoute } from "@tanstack/react-router";
import { FamilyLinks } from "@/features/iteration/family-links";
import { IteratePanel } from "@/features/iteration/iterate-panel";
import { readContext } from "@/features/library/image-filter";
import { ImagePage } from "@/features/library/image-page";

export const Route = createFileRoute("/_studio/images/$id")({
  validateSearch: readContext,
  component: ImageRoute,
});

function ImageRoute() {
  const { id } = Route.useParams();
  const context = Route.useSearch();
  return (
    <ImagePage
      id={id}
      context={context}
      tools={(image, onBusy) => (
        <>
          <FamilyLinks image={image} />
          <IteratePanel image={image} onBusy={onBusy} />
        </>
      )}
    />
  );
}
