import { useProject, useProjectActions, useProjectChoices } from "@/features/projects/projects";
import { reasonOf } from "@/lib/problem";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { Select } from "@/ui/select";
import type { Composer } from "./composer";
import { settingsOf } from "./presets";

type ProjectFieldProps = {
  composer: Composer;
  project: string;
  onProject: (id: string | undefined) => void;
};

/** Which project the pictures are for; nothing at all where there is none to choose. */
export function ProjectField({ composer, project, onProject }: ProjectFieldProps) {
  const { data } = useProjectChoices();
  const choices = data?.items ?? [];
  if (choices.length === 0 && !project) return null;
  const known = choices.some(({ id }) => id === project);
  return (
    <Field
      label="Project"
      error={composer.faults.project_id}
      aside={project ? <KeepAsDefaults composer={composer} project={project} /> : null}
    >
      {(control) => (
        <Select
          {...control}
          value={project}
          onChange={(id) => onProject(id || undefined)}
          options={[
            { value: "", label: "No project" },
            ...choices.map(({ id, name }) => ({ value: id, label: name })),
            ...(project && !known ? [{ value: project, label: "Another project" }] : []),
          ]}
        />
      )}
    </Field>
  );
}

/** Lets later drafts in the project begin as the form stands. */
function KeepAsDefaults({ composer, project: id }: { composer: Composer; project: string }) {
  const { update } = useProjectActions();
  const project = useProject(id);
  const { model, draft } = composer;
  if (!model || !project.data) return null;
  const before = project.data.settings;
  const save = (settings: Record<string, unknown>, undone = false) =>
    update.mutate(
      { path: { id }, body: { settings } },
      {
        onError: (error) =>
          notify({ kind: "error", title: "They were not kept", description: reasonOf(error) }),
        onSuccess: ({ name }) => {
          if (undone) return;
          notify({
            kind: "success",
            title: `Drafts in ${name} begin like this now`,
            action: { label: "Undo", run: () => save(before, true) },
          });
        },
      },
    );
  return (
    <Button
      variant="link"
      className="text-xs"
      working={update.isPending && "Keeping…"}
      onClick={() => save({ ...settingsOf(draft, model) })}
    >
      Keep these settings for it
    </Button>
  );
}
