import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FolderMinus, Images, X } from "lucide-react";
import { type ReactNode, useMemo, useRef } from "react";
import { addProjectImages, removeProjectImage } from "@/api/sdk.gen";
import type { ImageOut, ProjectOut } from "@/api/types.gen";
import { useRefreshProjects } from "@/features/projects/projects";
import { useMayChange } from "@/features/workspaces/acting";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { useShortcuts } from "@/lib/shortcuts";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { notify } from "@/ui/notify";
import { ImageGridView } from "./grid/image-grid-view";
import type { GridHandle } from "./grid/picture-grid";
import { useView } from "./grid/view";
import { DensityControl, LookControl } from "./grid/view-control";
import { useMoveImage } from "./image-actions";
import { useImageEvents } from "./image-events";
import type { ImageContext } from "./image-filter";
import { imageList, refreshLists } from "./image-lists";
import { includes } from "./selection/selection";
import { useSelection } from "./selection/use-selection";

type ProjectPicturesProps = {
  project: ProjectOut;
  /** More to do with the chosen pictures. */
  actions?: (chosen: readonly ImageOut[], done: () => void) => ReactNode;
  /** What lies around the grid, such as what lets the chosen be dragged out of it. */
  around?: (grid: ReactNode, chosen: readonly ImageOut[], done: () => void) => ReactNode;
};

/** The gallery of one project; what is chosen in it can be taken out again. */
export function ProjectPictures({
  project,
  actions,
  around = (grid) => grid,
}: ProjectPicturesProps) {
  const { id } = project;
  const context = useMemo<ImageContext>(() => ({ project_id: id }), [id]);
  useImageEvents();
  const query = useQuery(imageList(context));
  const { look, density, keep } = useView({});
  const choosing = useSelection(query.data, context);
  const { trash } = useMoveImage();
  const takeOut = useTakeOut(id);
  const mayChange = useMayChange();
  const handle = useRef<GridHandle | null>(null);
  useShortcuts({ "mod+a": choosing.all, ...(choosing.active && { escape: choosing.clear }) });
  const images = query.data?.items.filter((image) => image !== undefined) ?? [];
  const chosen = images.filter((image) => includes(choosing.selection, image.id));
  const grid = (
    <ImageGridView
      query={query}
      list={query.data}
      context={context}
      view={{ look, density }}
      label={`Pictures of ${project.name}`}
      empty={<Nothing project={project} />}
      choosing={choosing}
      handle={handle}
      onMove={trash}
    />
  );
  return (
    <>
      <div className="mb-4 flex min-h-10 flex-wrap items-center gap-2">
        {choosing.active && mayChange ? (
          <>
            <span role="status" className="text-sm font-medium">
              {`${formatCount(chosen.length, "picture")} chosen`}
            </span>
            {actions?.(chosen, choosing.clear)}
            <Button
              size="sm"
              variant="secondary"
              working={takeOut.isPending && "Removing…"}
              onClick={() =>
                takeOut.mutate(
                  chosen.map((image) => image.id),
                  { onSuccess: choosing.clear },
                )
              }
            >
              <FolderMinus aria-hidden /> Remove from the project
            </Button>
            <Button size="sm" variant="ghost" onClick={choosing.clear}>
              <X aria-hidden /> Choose none
            </Button>
          </>
        ) : null}
        <span className="ml-auto flex flex-wrap gap-2">
          <LookControl look={look} onChange={keep} />
          <DensityControl density={density} onChange={keep} />
        </span>
      </div>
      {around(grid, mayChange ? chosen : [], choosing.clear)}
    </>
  );
}

/** Takes pictures out of a project, with a way back. */
function useTakeOut(id: string) {
  const client = useQueryClient();
  const refresh = useRefreshProjects();
  const settled = () => {
    refreshLists(client);
    refresh(id);
  };
  const putBack = useMutation({
    mutationFn: (ids: string[]) =>
      addProjectImages({ path: { id }, body: { ids }, throwOnError: true }),
    onSettled: settled,
    onError: (error) =>
      notify({ kind: "error", title: "They were not put back", description: reasonOf(error) }),
  });
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const image_id of ids)
        await removeProjectImage({ path: { id, image_id }, throwOnError: true });
    },
    onSettled: settled,
    onError: (error) =>
      notify({ kind: "error", title: "Not all were removed", description: reasonOf(error) }),
    onSuccess: (_nothing, ids) =>
      notify({
        kind: "success",
        title: `${formatCount(ids.length, "picture")} removed from the project`,
        description: "They are still in the library.",
        action: { label: "Undo", run: () => putBack.mutate(ids) },
      }),
  });
}

function Nothing({ project: { id, is_archived } }: { project: ProjectOut }) {
  return (
    <EmptyState
      icon={Images}
      title="No pictures in it yet"
      action={
        is_archived ? undefined : (
          <Link to="/generate" search={{ project: id }} className={buttonVariants()}>
            Generate the first one
          </Link>
        )
      }
    >
      What you generate for this project is kept here. Pictures of your library can be moved into
      it.
    </EmptyState>
  );
}
