import { ChevronsUpDown, User, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { actingId } from "@/lib/workspace";
import { useActingTeam } from "./acting";

const load = () =>
  import("./workspace-menu").then(({ WorkspaceMenu }) => ({ default: WorkspaceMenu }));
const Menu = lazy(load);

/** Says where this page acts; opens the menu of workspaces, whose code comes when someone reaches for it. */
export function WorkspaceSwitcher() {
  const team = useActingTeam();
  const [wanted, setWanted] = useState(false);
  const near = () => void load();
  const name = actingId() ? (team?.name ?? "Team") : "Personal";
  const Icon = actingId() ? Users : User;
  const trigger = (
    <button
      type="button"
      aria-label={`Workspace: ${name}`}
      aria-haspopup="menu"
      onPointerEnter={near}
      onFocus={near}
      onClick={() => setWanted(true)}
      className="flex h-9 max-w-44 min-w-0 items-center gap-2 rounded-lg px-2 text-sm font-medium text-subtle-foreground hover:bg-accent hover:text-accent-foreground [&_svg]:size-4 [&_svg]:shrink-0"
    >
      <Icon aria-hidden />
      <span className="truncate max-sm:hidden">{name}</span>
      <ChevronsUpDown aria-hidden />
    </button>
  );
  if (!wanted) return trigger;
  return (
    <Suspense fallback={trigger}>
      <Menu trigger={trigger} />
    </Suspense>
  );
}
