import type { LevelIn } from "@/api/types.gen";

export type Level = LevelIn["level"];

export const LEVELS = [
  { value: "view", label: "Can view" },
  { value: "edit", label: "Can edit" },
  { value: "admin", label: "Admin" },
] as const satisfies readonly { value: Level; label: string }[];

/** What the queries of a team's log are kept under. */
export const TEAM_AUDIT = "team-audit";

const MEANING: Record<Level, string> = {
  view: "looks at everything and downloads it",
  edit: "makes, changes and deletes pictures",
  admin: "does all that and looks after the members",
};

export const labelOf = (level: Level): string =>
  LEVELS.find(({ value }) => value === level)?.label ?? level;

export const meaningOf = (level: Level): string => MEANING[level];
