/** The menus of the top bar. Loaded when someone reaches for one. */
import { Link } from "@tanstack/react-router";
import { LogOut, Mail as MailIcon, Monitor, Moon, ScrollText, Settings, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { useLogOut, useUser } from "@/features/accounts/session";
import { reasonOf } from "@/lib/problem";
import { type Theme, toTheme, useTheme } from "@/lib/theme";
import {
  Menu,
  MenuContent,
  MenuGroup,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "@/ui/menu";
import { notify } from "@/ui/notify";
import { DESTINATIONS, IN_BAR } from "./navigation";

const THEMES = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "system", label: "Like the system", icon: Monitor },
] as const satisfies readonly { value: Theme; label: string; icon: typeof Sun }[];

export function ThemeMenu({ trigger }: { trigger: ReactElement }) {
  const [theme, choose] = useTheme();
  return (
    <Menu defaultOpen>
      <MenuTrigger render={trigger} />
      <MenuContent>
        <MenuRadioGroup value={theme} onValueChange={(value: string) => choose(toTheme(value))}>
          {THEMES.map(({ value, label, icon: Icon }) => (
            <MenuRadioItem key={value} value={value}>
              <Icon aria-hidden />
              {label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}

/** On a phone: the pages that have no place in the bar. */
export function PagesMenu({ trigger }: { trigger: ReactElement }) {
  return (
    <Menu defaultOpen>
      <MenuTrigger render={trigger} />
      <MenuContent side="top">
        {DESTINATIONS.slice(IN_BAR).map(({ to, label, icon: Icon }) => (
          <MenuItem key={to} render={<Link to={to} />}>
            <Icon aria-hidden />
            {label}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}

export function UserMenu({ trigger }: { trigger: ReactElement }) {
  const user = useUser();
  const logOut = useLogOut();
  const leave = () =>
    logOut.mutate(
      {},
      {
        onError: (error) =>
          notify({ kind: "error", title: "You are still logged in", description: reasonOf(error) }),
      },
    );
  return (
    <Menu defaultOpen>
      <MenuTrigger render={trigger} />
      <MenuContent className="max-w-72">
        <MenuGroup>
          <MenuLabel>
            <span className="block truncate text-sm font-semibold text-foreground">
              {user.name}
            </span>
            <span className="block truncate font-normal">{user.email}</span>
          </MenuLabel>
        </MenuGroup>
        <MenuSeparator />
        <MenuItem render={<Link to="/settings" />}>
          <Settings aria-hidden />
          Settings
        </MenuItem>
        {user.role === "admin" ? (
          <MenuItem render={<Link to="/admin/outbox" />}>
            <MailIcon aria-hidden />
            Outbox
          </MenuItem>
        ) : null}
        {user.role === "admin" ? (
          <MenuItem render={<Link to="/admin/audit" />}>
            <ScrollText aria-hidden />
            Audit log
          </MenuItem>
        ) : null}
        {user.role === "admin" ? (
          <MenuItem render={<Link to="/admin/credits" />}>
            <ScrollText aria-hidden />
            Credits
          </MenuItem>
        ) : null}
        <MenuItem onClick={leave}>
          <LogOut aria-hidden />
          Log out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
