import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FolderMinus, Images } from "lucide-react";
import { useMemo, useRef } from "react";
import type { ProjectOut } from "@/api/types.gen";
import { Button, buttonVariants } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ChosenPictures, type MoreToDo } from "./actions/chosen-pictures";
import { useGalleryActions } from "./actions/use-gallery-actions";
import { ImageGridView } from "./grid/image-grid-view";
import type { GridHandle } from "./grid/picture-grid";
import { useView } from "./grid/view";
import { DensityControl, LookControl } from "./grid/view-control";
import { useImageEvents } from "./image-events";
import type { ImageContext } from "./image-filter";
import { imageList } from "./image-lists";
import { useSelection } from "./selection/use-selection";

type ProjectPicturesProps = MoreToDo & { project: ProjectOut };

/** The gallery of one project; what is chosen in it can be taken out again. */
export function ProjectPictures({ project, more, dragging }: ProjectPicturesProps) {
  const { id } = project;
  const context = useMemo<ImageContext>(() => ({ project_id: id }), [id]);
  useImageEvents();
  const query = useQuery(imageList(context));
  const { look, density, keep } = useView({});
  const choosing = useSelection(query.data, context);
  const grid = useRef<GridHandle | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const actions = useGalleryActions({ context, choosing, grid });
  return (
    <>
      <div className="mb-4 flex flex-wrap justify-end gap-2">
        <LookControl look={look} onChange={keep} />
        <DensityControl density={density} onChange={keep} />
      </div>
      <div ref={area}>
        <ImageGridView
          query={query}
          list={query.data}
          context={context}
          view={{ look, density }}
          label={`Pictures of ${project.name}`}
          empty={<Nothing project={project} />}
          choosing={choosing}
          handle={grid}
          onMove={actions.move}
          onFavourite={actions.mayChange ? actions.favourite : undefined}
        />
      </div>
      <ChosenPictures
        list={query.data}
        total={query.data?.total ?? 0}
        choosing={choosing}
        actions={actions}
        area={area}
        more={more}
        dragging={dragging}
      >
        <Button
          variant="ghost"
          size="icon"
          aria-label="Remove from the project"
          title="Remove from the project"
          onClick={() => actions.run({ kind: "move", project: null })}
        >
          <FolderMinus aria-hidden />
        </Button>
      </ChosenPictures>
    </>
  );
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
