import { ChartColumn } from "lucide-react";
import type { StandingOut } from "@/api/types.gen";
import { words } from "@/features/catalogue/schema-fields";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";
import { rateText, valueText } from "./ab-words";
import { useStats } from "./comparisons";
import { useNamed } from "./judge-stage";

/** How often each model, setting and prompt won in this workspace. */
export function WinsView() {
  const { data, isPending, error, refetch } = useStats();
  if (isPending) return <Skeleton className="h-80 rounded-xl" />;
  if (!data)
    return (
      <Alert
        kind="error"
        title="The numbers could not be loaded"
        action={
          <Button size="sm" variant="secondary" onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        {reasonOf(error)}
      </Alert>
    );
  if (data.votes === 0)
    return (
      <EmptyState icon={ChartColumn} title="No votes yet">
        Once pairs are judged, this shows how often each model, setting and prompt won.
      </EmptyState>
    );
  return (
    <div className="grid gap-8">
      <p className="text-muted-foreground">
        {data.votes} {data.votes === 1 ? "vote" : "votes"}. The rate counts the votes with a winner;
        in brackets is the range that it lies in with 95 % certainty (Wilson's score interval).
      </p>
      <Standings title="Models" varies="model" rows={data.models} />
      <Standings title="Settings" varies="setting" rows={data.settings} />
      <Standings title="Prompts" varies="prompt" rows={data.prompts} />
    </div>
  );
}

type StandingsProps = {
  title: string;
  varies: "model" | "setting" | "prompt";
  rows: StandingOut[];
};

function Standings({ title, varies, rows }: StandingsProps) {
  const named = useNamed();
  if (rows.length === 0) return null;
  return (
    <section
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keys.
      tabIndex={0}
      className="overflow-x-auto rounded-xl border bg-card"
    >
      <table className="min-w-full border-collapse text-sm tabular-nums">
        <thead>
          <tr className="border-b text-muted-foreground">
            <th scope="col" className={`${cell} text-left text-base text-foreground`}>
              {title}
            </th>
            {["Won", "Lost", "Ties", "Both bad", "Win rate"].map((name) => (
              <th key={name} scope="col" className={`${cell} text-right font-medium`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={`${row.setting} ${JSON.stringify(row.value)}`}
              className="border-b last:border-0"
            >
              <th scope="row" className={`${cell} max-w-96 min-w-40 text-left font-medium`}>
                <span className="line-clamp-2">
                  {row.setting ? `${words(row.setting)}: ` : ""}
                  {valueText(row.value, { varies }, named)}
                </span>
              </th>
              {[row.wins, row.losses, row.ties, row.both_bad].map((count, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move.
                <td key={at} className={`${cell} text-right`}>
                  {count}
                </td>
              ))}
              <td className={`${cell} text-right whitespace-nowrap`}>{rateText(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const cell = "px-3.5 py-2";
