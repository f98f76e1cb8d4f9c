import { useNavigate } from "@tanstack/react-router";
import {
  Archive,
  ArchiveRestore,
  Copy,
  EllipsisVertical,
  Images,
  LayoutTemplate,
  Pencil,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import type { ProjectOut } from "@/api/types.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Confirm } from "@/ui/alert-dialog";
import { Button } from "@/ui/button";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/ui/menu";
import { notify } from "@/ui/notify";
import { ProjectDialog } from "./project-dialog";
import { useProjectActions } from "./projects";

/** Everything that can be done with a project as a whole. */
export function ProjectMenu({ project }: { project: ProjectOut }) {
  const { id, name, is_archived, is_template, image_count } = project;
  const { archive, duplicate, keepAsTemplate, remove } = useProjectActions();
  const [open, show] = useState<"edit" | "delete" | null>(null);
  const navigate = useNavigate();
  const path = { id };
  const goTo = (made: ProjectOut) =>
    void navigate({ to: "/projects/$id", params: { id: made.id } });
  const onError = (error: unknown) =>
    notify({ kind: "error", title: "That was not done", description: reasonOf(error) });
  const setArchived = (archived: boolean, undone = false) =>
    archive.mutate(
      { path, body: { archived } },
      {
        onError,
        onSuccess: () => {
          if (undone) return;
          notify({
            kind: "success",
            title: archived ? `${name} is archived` : `${name} is open again`,
            action: { label: "Undo", run: () => setArchived(!archived, true) },
          });
        },
      },
    );
  const copy = (images: boolean) =>
    duplicate.mutate(
      { path, body: { images } },
      {
        onError,
        onSuccess: (made) => {
          notify({ kind: "success", title: `${made.name} is there` });
          goTo(made);
        },
      },
    );
  const saveAsTemplate = () =>
    keepAsTemplate.mutate(
      { body: { project_id: id } },
      {
        onError,
        onSuccess: (made) =>
          notify({
            kind: "success",
            title: `${name} is a template now`,
            description: "New projects can start from it.",
            action: { label: "Show", run: () => goTo(made) },
          }),
      },
    );
  const confirmRemoval = () =>
    remove.mutate(
      { path },
      {
        onError,
        onSuccess: () => {
          notify({ kind: "success", title: `${name} is deleted` });
          void navigate({ to: "/projects" });
        },
      },
    );
  const working = archive.isPending || duplicate.isPending || keepAsTemplate.isPending;
  return (
    <>
      <Menu>
        <MenuTrigger
          render={
            <Button
              variant="secondary"
              size="icon"
              aria-label={is_template ? "Template menu" : "Project menu"}
              working={working && ""}
            >
              <EllipsisVertical aria-hidden />
            </Button>
          }
        />
        <MenuContent>
          <MenuItem onClick={() => show("edit")}>
            <Pencil aria-hidden /> Edit
          </MenuItem>
          <MenuItem onClick={() => copy(false)}>
            <Copy aria-hidden /> Duplicate
          </MenuItem>
          {image_count > 0 ? (
            <MenuItem onClick={() => copy(true)}>
              <Images aria-hidden /> Duplicate with pictures
            </MenuItem>
          ) : null}
          {is_template ? null : (
            <>
              <MenuItem onClick={saveAsTemplate}>
                <LayoutTemplate aria-hidden /> Save as template
              </MenuItem>
              <MenuItem onClick={() => setArchived(!is_archived)}>
                {is_archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
                {is_archived ? "Take out of the archive" : "Archive"}
              </MenuItem>
            </>
          )}
          <MenuSeparator />
          <MenuItem danger onClick={() => show("delete")}>
            <Trash2 aria-hidden /> Delete
          </MenuItem>
        </MenuContent>
      </Menu>
      {open === "edit" ? <ProjectDialog project={project} onClose={() => show(null)} /> : null}
      <Confirm
        open={open === "delete"}
        onOpenChange={() => show(null)}
        title={`Delete ${name}?`}
        action={is_template ? "Delete the template" : "Delete the project"}
        working={remove.isPending && "Deleting…"}
        onConfirm={confirmRemoval}
      >
        {image_count > 0
          ? `Its ${formatCount(image_count, "picture")} will stay in the library, in no project. `
          : null}
        Its notes and settings will be gone.
      </Confirm>
    </>
  );
}
