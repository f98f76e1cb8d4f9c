import { useNavigate } from "@tanstack/react-router";
import { Eraser, type LucideIcon, Monitor, Moon, Search, Sun } from "lucide-react";
import { useState } from "react";
import { useUser } from "@/features/accounts/session";
import type { SettingsTab } from "@/features/accounts/settings-search";
import { useTheme } from "@/lib/theme";
import { type Command, CommandDialog, type CommandGroup } from "@/ui/command-dialog";
import { findsIn } from "@/ui/search-select";
import { useFound } from "./found";
import { usePictureCommands } from "./picture-commands";
import { forgetRecent, keepRecent, readRecent } from "./recent";
import { subjectNow } from "./subject";

/** A page of the frame. */
export type Page = { to: string; label: string; icon: LucideIcon; keys: string };

type PaletteProps = { pages: readonly Page[]; onClose: () => void };

/** Everything by its name: pages, what can be done with the picture at hand, and what the words find. */
export function Palette({ pages, onClose }: PaletteProps) {
  const { id: user } = useUser();
  const [text, setText] = useState("");
  const [subject] = useState(subjectNow);
  const [recent, setRecent] = useState(() => readRecent(user));
  const about = usePictureCommands(subject);
  const places = usePlaces(pages);
  const found = useFound(text);
  const known = [...(about ? [about] : []), ...places];
  const again: Command[] = [
    ...recent.commands.flatMap((id) => {
      const command = known.flatMap(({ items }) => items).find((each) => each.id === id);
      return command && !command.disabled ? [{ ...command, id: `recent ${id}` }] : [];
    }),
    ...recent.searches.map((words) => ({
      id: `search ${words}`,
      label: words,
      icon: Search,
      hint: "Search again",
      stays: true,
      run: () => setText(words),
    })),
  ];
  const forget: Command = {
    id: "forget",
    label: "Forget what was lately used",
    icon: Eraser,
    stays: true,
    run: () => {
      forgetRecent(user);
      setRecent(readRecent(user));
    },
  };
  const groups = text.trim()
    ? [...matching(about, places, text), ...found.groups]
    : [
        ...(about ? [about] : []),
        { value: "Lately used", items: again.length > 0 ? [...again, forget] : [] },
        ...places,
      ];
  const shown = groups.filter(({ items }) => items.length > 0);
  const count = shown.reduce((sum, { items }) => sum + items.length, 0);
  const run = (command: Command) => {
    if (!command.stays) {
      remember(user, command.id, text.trim());
      onClose();
    }
    command.run();
  };
  return (
    <CommandDialog
      onClose={onClose}
      label="Search and commands"
      placeholder="Search, or say what to do"
      text={text}
      onText={setText}
      groups={shown}
      onRun={run}
      empty="Nothing is called so."
      status={
        found.failed
          ? "Not everything could be searched."
          : found.searching
            ? "Searching…"
            : `${count} found`
      }
    />
  );
}

/** Words that found something are kept, and commands; what was found is not. */
function remember(user: string, id: string, words: string) {
  const command = id.replace(/^recent /, "");
  if (/^(image|project|collection|search) /.test(command)) {
    if (words) keepRecent(user, "searches", words);
  } else keepRecent(user, "commands", command);
}

/** A picture's name is not what is looked for: what can be done with it is found by its own words. */
function matching(
  about: CommandGroup | undefined,
  places: readonly CommandGroup[],
  text: string,
): CommandGroup[] {
  const those = ({ value, items }: CommandGroup, more: string) => ({
    value,
    items: items.filter(({ label }) => findsIn(`${label} ${more}`, text)),
  });
  return [
    ...(about ? [those(about, "")] : []),
    ...places.map((group) => those(group, group.value)),
  ];
}

const TABS: readonly (readonly [SettingsTab, string])[] = [
  ["account", "Account"],
  ["security", "Security"],
  ["devices", "Devices"],
  ["providers", "Providers"],
  ["api-keys", "API keys"],
  ["cleanup", "Clean up"],
  ["danger", "Danger zone"],
];

function usePlaces(pages: readonly Page[]): CommandGroup[] {
  const navigate = useNavigate();
  const [theme, choose] = useTheme();
  const themes = [
    ["light", "Light", Sun],
    ["dark", "Dark", Moon],
    ["system", "Like the system", Monitor],
  ] as const;
  return [
    {
      value: "Go to",
      items: pages.map(({ to, label, icon, keys }) => ({
        id: `page ${to}`,
        label,
        icon,
        keys,
        run: () => void navigate({ to }),
      })),
    },
    {
      value: "Settings",
      items: TABS.map(([tab, label]) => ({
        id: `settings ${tab}`,
        label,
        icon: pages.find(({ to }) => to === "/settings")?.icon ?? Search,
        run: () => void navigate({ to: "/settings", search: { tab } }),
      })),
    },
    {
      value: "Theme",
      items: themes.map(([value, label, icon]) => ({
        id: `theme ${value}`,
        label,
        icon,
        hint: value === theme ? "Now" : undefined,
        run: () => choose(value),
      })),
    },
  ];
}
