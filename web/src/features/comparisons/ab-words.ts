/** Comparisons in words. */
import type { ComparisonOut, StandingOut } from "@/api/types.gen";
import { words } from "@/features/catalogue/schema-fields";

type Differing = Pick<ComparisonOut, "varies" | "setting">;
type Named = (model: string) => string;

/** "Prompt", "Model", "Guidance". */
export function subjectOf({ varies, setting }: Differing): string {
  return words(setting ?? varies);
}

/** A value as people know it: a model by its name, a switch as on or off. */
export function valueText(
  value: ComparisonOut["values"][number],
  { varies }: Pick<Differing, "varies">,
  named: Named,
): string {
  if (varies === "model") return named(String(value));
  if (typeof value === "boolean") return value ? "On" : "Off";
  return String(value);
}

/** "Left was better: Guidance 7", "A tie", "Both were bad". */
export function outcomeText(pair: ComparisonOut, named: Named): string {
  if (pair.vote === "tie") return "A tie";
  if (pair.vote === "both_bad") return "Both were bad";
  const winner = pair.winner === null ? undefined : pair.values[pair.winner];
  if (winner === undefined) return "Not judged";
  return `${LETTERS[pair.winner ?? 0]} won: ${valueText(winner, pair, named)}`;
}

export const LETTERS = ["A", "B"] as const;

/** "67 % (21–94 %)"; a dash where no vote had a winner. */
export function rateText({ win_rate, low, high }: StandingOut): string {
  if (win_rate === null || low === null || high === null) return "–";
  const percent = (share: number) => Math.round(share * 100);
  return `${percent(win_rate)} % (${percent(low)}–${percent(high)} %)`;
}
