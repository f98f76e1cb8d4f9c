import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ImageOff } from "lucide-react";
import type { ReactNode } from "react";
import type { ImageOut } from "@/api/types.gen";
import { useImageEvents } from "@/features/library/image-events";
import { imageQuery } from "@/features/library/image-lists";
import { useMayChange } from "@/features/workspaces/acting";
import { ViewOnly } from "@/features/workspaces/view-only";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";

type WithSourceProps = { id: string; title: string; children: (image: ImageOut) => ReactNode };

/** A page that begins with a picture: waits for it, and says so where there is none to begin with. */
export function WithSource({ id, title, children }: WithSourceProps) {
  usePageTitle(title);
  useImageEvents();
  const mayChange = useMayChange();
  const { data, error, isPending, isFetching, refetch } = useQuery(imageQuery(id));
  if (!mayChange) return <ViewOnly />;
  if (data) return data.deleted_at ? <InTrash /> : children(data);
  if (isPending) return <Loading />;
  if (error instanceof Problem && (error.status === 404 || error.status === 422)) {
    return (
      <EmptyState icon={ImageOff} title="This picture is not here" action={<ToImages />}>
        The address may be mistyped, or the picture belongs to someone else.
      </EmptyState>
    );
  }
  return (
    <div className="p-4 sm:p-6">
      <Alert
        kind="error"
        title="The picture could not be loaded"
        action={
          <Button
            size="sm"
            variant="secondary"
            working={isFetching && "Trying…"}
            onClick={() => void refetch()}
          >
            Try again
          </Button>
        }
      >
        {reasonOf(error)}
      </Alert>
    </div>
  );
}

export function Loading() {
  return (
    <div role="status" aria-label="Loading the picture" className="p-4 sm:p-6">
      <Skeleton className="h-[70dvh] rounded-xl" />
    </div>
  );
}

function InTrash() {
  return (
    <EmptyState icon={ImageOff} title="This picture is in the trash" action={<ToImages />}>
      Restore it to go on with it.
    </EmptyState>
  );
}

function ToImages() {
  return (
    <Link to="/images" className={buttonVariants()}>
      Go to Images
    </Link>
  );
}
