import { useQuery } from "@tanstack/react-query";
import { FolderMinus, FolderOpen } from "lucide-react";
import { useState } from "react";
import { listProjectsOptions } from "@/api/@tanstack/react-query.gen";
import { formatCount } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Dialog, DialogContent } from "@/ui/dialog";
import { Input } from "@/ui/input";
import { Skeleton } from "@/ui/skeleton";

type Project = { id: string; name: string };

type MoveDialogProps = {
  count: number;
  onClose: () => void;
  onMove: (project: Project | null) => void;
};

const rowStyle =
  "flex min-h-10 w-full items-center gap-3 rounded-lg px-3 py-2 text-left text-sm hover:bg-accent hover:text-accent-foreground [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground";

/** Puts the chosen pictures into a project, or out of theirs. */
export function MoveDialog({ count, onClose, onMove }: MoveDialogProps) {
  const [words, setWords] = useState("");
  const { data, error, isPending } = useQuery(listProjectsOptions({ query: { limit: 100 } }));
  const projects = (data?.items ?? []).filter(({ name }) =>
    name.toLowerCase().includes(words.trim().toLowerCase()),
  );
  const choose = (project: Project | null) => {
    onMove(project);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={`Move ${formatCount(count, "picture")}`}>
        <div className="grid gap-3">
          <Input
            aria-label="Find a project"
            placeholder="Find a project"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              const [first] = projects;
              if (event.key === "Enter" && words.trim() && first) choose(first);
            }}
          />
          {error ? (
            <Alert kind="error" title="The projects could not be loaded">
              {reasonOf(error)}
            </Alert>
          ) : null}
          {isPending ? <Skeleton className="h-32 rounded-lg" /> : null}
          <ul className="grid max-h-72 gap-0.5 overflow-y-auto">
            <li>
              <button type="button" className={rowStyle} onClick={() => choose(null)}>
                <FolderMinus aria-hidden /> In no project
              </button>
            </li>
            {projects.map(({ id, name }) => (
              <li key={id}>
                <button type="button" className={rowStyle} onClick={() => choose({ id, name })}>
                  <FolderOpen aria-hidden />
                  <span className="truncate">{name}</span>
                </button>
              </li>
            ))}
          </ul>
          {data && projects.length === 0 ? (
            <p className="px-3 text-sm text-muted-foreground">
              {words ? "No project is called that." : "There are no projects yet."}
            </p>
          ) : null}
        </div>
      </DialogContent>
    </Dialog>
  );
}
