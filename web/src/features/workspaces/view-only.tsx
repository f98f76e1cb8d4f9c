import { Eye } from "lucide-react";
import { EmptyState } from "@/ui/empty-state";

/** In place of what makes pictures, for who may look only. */
export function ViewOnly() {
  return (
    <EmptyState icon={Eye} title="You can view this workspace">
      Making and changing pictures here needs a higher level. Ask one of the team's admins for it,
      or go to your own workspace.
    </EmptyState>
  );
}
