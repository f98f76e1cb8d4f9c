import { Link } from "@tanstack/react-router";
import { Monitor, Moon, Search, Sun } from "lucide-react";
import { Avatar } from "@/features/accounts/avatar";
import { useUser } from "@/features/accounts/session";
import { BalanceLink } from "@/features/credits/balance-link";
import { UploadButton } from "@/features/intake/upload-button";
import { WorkspaceSwitcher } from "@/features/workspaces/workspace-switcher";
import { useCurrentTitle } from "@/lib/page-title";
import { useTheme } from "@/lib/theme";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/logo";
import { MenuOnDemand } from "./menu-on-demand";

const THEME_ICONS = { light: Sun, dark: Moon, system: Monitor };

export function TopBar({ onFind }: { onFind: () => void }) {
  const user = useUser();
  const [theme] = useTheme();
  const ThemeIcon = THEME_ICONS[theme];
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-3 border-b bg-background/95 px-4 max-sm:gap-2 max-sm:px-3 backdrop-blur">
      <Link to="/generate" aria-label="Easel" className="flex items-center gap-2.5 rounded-lg">
        <Mark />
        <span aria-hidden className="hidden font-bold tracking-tight sm:inline">
          Easel
        </span>
      </Link>
      <span aria-hidden className="h-5 w-px bg-border" />
      <WorkspaceSwitcher />
      <span aria-hidden className="h-5 w-px bg-border max-sm:hidden" />
      <Title />
      <div className="ml-auto flex items-center gap-1.5 max-sm:gap-0">
        <Button
          variant="ghost"
          size="icon"
          aria-label="Search and commands"
          title="Search and commands (Ctrl+K)"
          onClick={onFind}
        >
          <Search aria-hidden />
        </Button>
        <UploadButton />
        <BalanceLink />
        <MenuOnDemand
          menu="theme"
          trigger={
            <Button variant="ghost" size="icon" aria-label="Theme">
              <ThemeIcon aria-hidden />
            </Button>
          }
        />
        <MenuOnDemand
          menu="user"
          trigger={
            <button
              type="button"
              aria-label={`Account of ${user.name}`}
              className="rounded-full transition-shadow hover:ring-3 hover:ring-ring/25 data-popup-open:ring-3 data-popup-open:ring-ring/25"
            >
              <Avatar user={user} />
            </button>
          }
        />
      </div>
    </header>
  );
}

function Title() {
  return (
    <h1 className="min-w-0 truncate text-base font-semibold tracking-normal">
      {useCurrentTitle()}
    </h1>
  );
}
