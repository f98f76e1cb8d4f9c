import { useState } from "react";
import type { ProjectOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Textarea } from "@/ui/textarea";
import { useProjectActions } from "./projects";

/** The project's notes, kept by a press of a button, so that two who write know whose words stay. */
export function ProjectNotes({ project }: { project: ProjectOut }) {
  const { update } = useProjectActions();
  const mayChange = useMayChange();
  const [text, setText] = useState(project.notes);
  const [known, setKnown] = useState(project.notes);
  if (known !== project.notes) {
    // Saved elsewhere: what nobody is changing here follows.
    if (text === known) setText(project.notes);
    setKnown(project.notes);
  }
  if (!mayChange) {
    return project.notes ? (
      <p dir="auto" className="max-w-prose whitespace-pre-wrap">
        {project.notes}
      </p>
    ) : (
      <p className="text-muted-foreground">There are no notes.</p>
    );
  }
  const save = () => update.mutate({ path: { id: project.id }, body: { notes: text } });
  return (
    <div className="grid max-w-3xl gap-3">
      {update.isError ? (
        <Alert kind="error" title="The notes were not saved">
          {reasonOf(update.error)}
        </Alert>
      ) : null}
      <Textarea
        aria-label="Notes"
        placeholder="Briefs, links, what the client said…"
        value={text}
        maxLength={20_000}
        rows={10}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex items-center gap-3">
        <Button
          disabled={text === project.notes}
          working={update.isPending && "Saving…"}
          onClick={save}
        >
          Save the notes
        </Button>
        <span role="status" className="text-sm text-muted-foreground">
          {text === project.notes ? (update.isSuccess ? "Saved" : "") : "Not saved yet"}
        </span>
      </div>
    </div>
  );
}
