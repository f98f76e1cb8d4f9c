/** Where to act: one's own workspace, the teams, a new one. Loaded when someone reaches for it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Plus, User, Users } from "lucide-react";
import { type ReactElement, useState } from "react";
import { actingId, addressIn, PERSONAL } from "@/lib/workspace";
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuSeparator,
  MenuTrigger,
} from "@/ui/menu";
import { teamsQuery } from "./acting";
import { NewTeamDialog } from "./new-team-dialog";

export function WorkspaceMenu({ trigger }: { trigger: ReactElement }) {
  const teams = useQuery(teamsQuery());
  const [naming, setNaming] = useState(false);
  const here = actingId();
  const places = [
    { name: PERSONAL, label: "Personal", current: here === undefined, icon: User },
    ...(teams.data?.items ?? []).map(({ id, name }) => ({
      name: id,
      label: name,
      current: id === here,
      icon: Users,
    })),
  ];
  return (
    <>
      <Menu defaultOpen>
        <MenuTrigger render={trigger} />
        <MenuContent
          align="start"
          className="max-h-[var(--available-height)] max-w-72 overflow-y-auto"
        >
          <MenuGroup>
            <MenuLabel>Workspaces</MenuLabel>
            {places.map(({ name, label, current, icon: Icon }) => (
              <MenuItem
                key={name}
                // A page of its own: nothing of the one workspace stays in the other.
                render={<a href={addressIn(name, "/images")} aria-current={current || undefined} />}
              >
                <Icon aria-hidden />
                <span className="truncate">{label}</span>
                {current ? <Check aria-hidden className="ml-auto" /> : null}
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuSeparator />
          {here ? (
            <MenuItem render={<Link to="/team" />}>
              <Users aria-hidden />
              Members and invitations
            </MenuItem>
          ) : null}
          <MenuItem onClick={() => setNaming(true)}>
            <Plus aria-hidden />
            New team…
          </MenuItem>
        </MenuContent>
      </Menu>
      <NewTeamDialog open={naming} onOpenChange={setNaming} />
    </>
  );
}
