import { FolderPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/button";

const load = () => import("./add-to-dialog").then(({ AddToDialog }) => ({ default: AddToDialog }));
const AddToDialog = lazy(load);

type AddToProps = { ids: string[]; onDone?: () => void };

/** Opens the choice of a project or a collection for these pictures; its code comes when someone reaches for it. */
export function AddTo({ ids, onDone }: AddToProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        variant="secondary"
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => setOpen(true)}
      >
        <FolderPlus aria-hidden /> Add to…
      </Button>
      {open ? (
        <Suspense>
          <AddToDialog ids={ids} onClose={() => setOpen(false)} onDone={onDone} />
        </Suspense>
      ) : null}
    </>
  );
}
