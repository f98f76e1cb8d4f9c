import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ImageOff } from "lucide-react";
import type { ImageOut } from "@/api/types.gen";
import { usePageTitle } from "@/lib/page-title";
import { Problem, reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { useImageEvents } from "./image-events";
import type { ImageContext } from "./image-filter";
import { findImage, imageQuery } from "./image-lists";
import { type PictureTools, Viewer } from "./viewer/viewer";

type ImagePageProps = { id: string; context: ImageContext; tools?: PictureTools };

/** One picture, large, with all that is known about it. */
export function ImagePage({ id, context, tools }: ImagePageProps) {
  const client = useQueryClient();
  useImageEvents();
  const query = useQuery({
    ...imageQuery(id),
    placeholderData: () => findImage(client, id),
  });
  usePageTitle(query.data ? nameOf(query.data) : query.isError ? "Not found" : "Image");
  if (query.data) return <Viewer image={query.data} context={context} tools={tools} />;
  if (query.isPending) return <Loading />;
  const { error } = query;
  // An address that holds no id at all is refused as invalid; to a person that is the same.
  if (error instanceof Problem && (error.status === 404 || error.status === 422))
    return <Missing />;
  return (
    <div className="p-4 sm:p-6">
      <Alert
        kind="error"
        title="The picture could not be loaded"
        action={
          <Button
            size="sm"
            variant="secondary"
            working={query.isFetching && "Trying…"}
            onClick={() => void query.refetch()}
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

/** What a picture is called: its title, or how its prompt begins. */
export function nameOf({ title, prompt }: Pick<ImageOut, "title" | "prompt">): string {
  const name = (title ?? prompt).trim().replaceAll(/\s+/g, " ");
  if (name === "") return "Untitled picture";
  const letters = [...name];
  return letters.length <= 60 ? name : `${letters.slice(0, 59).join("").trimEnd()}…`;
}

function Missing() {
  return (
    <EmptyState
      icon={ImageOff}
      title="This picture is not here"
      action={
        <Link to="/images" className={buttonVariants()}>
          Go to Images
        </Link>
      }
    >
      The address may be mistyped, or the picture belongs to someone else.
    </EmptyState>
  );
}

function Loading() {
  return (
    <div
      role="status"
      aria-label="Loading the picture"
      className="grid gap-6 p-4 sm:p-6 lg:grid-cols-[1fr_20rem]"
    >
      <Skeleton className="h-[60dvh] rounded-xl lg:h-[calc(100dvh-6.5rem)]" />
      <div className="grid content-start gap-4">
        <Skeleton className="h-24" />
        <Skeleton className="h-64" />
      </div>
    </div>
  );
}
