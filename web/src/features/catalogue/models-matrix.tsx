import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ModelOut } from "@/api/types.gen";
import { Card } from "@/ui/card";
import { Availability, Grade, Health, Notices, secondsText, successText } from "./model-facts";
import { priceText } from "./models";
import type { Measured, ModelsSearch, Sort } from "./models-search";
import { words } from "./schema-fields";

type MatrixProps = { models: readonly ModelOut[]; stats: Measured };

const COLUMNS: readonly [Sort, string][] = [
  ["price", "Price"],
  ["speed", "Speed"],
  ["quality", "Quality"],
  ["success", "Success"],
  ["p50", "Usual time"],
  ["p95", "Slowest 5 %"],
];
const cellStyle = "px-3 py-3 align-top";

type SortProps = { search: ModelsSearch; onSort: (sort: Sort) => void };

/** The models side by side, for screens that have the room. */
export function ModelsMatrix({ models, stats, ...sorting }: MatrixProps & SortProps) {
  return (
    <Card className="hidden overflow-x-auto md:block">
      <table className="w-full min-w-4xl text-sm">
        <thead className="border-b text-left text-muted-foreground">
          <tr>
            <SortableHead sort="name" label="Model" {...sorting} />
            {COLUMNS.map(([sort, label]) => (
              <SortableHead key={sort} sort={sort} label={label} {...sorting} />
            ))}
            <th scope="col" className="px-3 py-2 font-medium">
              State
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {models.map((model) => (
            <tr key={model.id}>
              <th scope="row" className={`${cellStyle} min-w-64 text-left font-normal`}>
                <Name model={model} />
              </th>
              <td className={cellStyle}>{priceText(model.cost)}</td>
              <td className={cellStyle}>
                <Grade label="Speed" value={model.speed} />
              </td>
              <td className={cellStyle}>
                <Grade label="Quality" value={model.quality} />
              </td>
              <td className={`${cellStyle} tabular-nums`}>{successText(stats.get(model.id))}</td>
              <td className={`${cellStyle} tabular-nums`}>
                {secondsText(stats.get(model.id)?.p50_seconds)}
              </td>
              <td className={`${cellStyle} tabular-nums`}>
                {secondsText(stats.get(model.id)?.p95_seconds)}
              </td>
              <td className={`${cellStyle} max-w-56`}>
                <span className="grid justify-items-start gap-1.5">
                  <Availability model={model} />
                  {model.available ? <Health stats={stats.get(model.id)} /> : null}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function SortableHead(props: SortProps & { sort: Sort; label: string }) {
  const { sort, label, search, onSort } = props;
  const here = search.sort === sort;
  const Icon = search.down ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={here ? (search.down ? "descending" : "ascending") : "none"}
      className="px-1 py-2 font-medium whitespace-nowrap"
    >
      <button
        type="button"
        onClick={() => onSort(sort)}
        className="inline-flex items-center gap-1 rounded-md px-2 py-1 hover:bg-accent hover:text-accent-foreground"
      >
        {label}
        {here ? <Icon aria-hidden className="size-3.5" /> : null}
      </button>
    </th>
  );
}

/** The same, one under the other, on a phone. */
export function ModelCards({ models, stats }: MatrixProps) {
  return (
    <ul className="grid gap-4 md:hidden">
      {models.map((model) => {
        const measured = stats.get(model.id);
        return (
          <li key={model.id}>
            <Card className="grid gap-4 p-4">
              <Name model={model} />
              <dl className="grid grid-cols-2 gap-3 text-sm">
                <Fact label="Price">{priceText(model.cost)}</Fact>
                <Fact label="Success">{successText(measured)}</Fact>
                <Fact label="Speed">
                  <Grade label="Speed" value={model.speed} />
                </Fact>
                <Fact label="Quality">
                  <Grade label="Quality" value={model.quality} />
                </Fact>
                <Fact label="Usual time">{secondsText(measured?.p50_seconds)}</Fact>
                <Fact label="Slowest 5 %">{secondsText(measured?.p95_seconds)}</Fact>
              </dl>
              <div className="flex flex-wrap gap-2">
                <Availability model={model} />
                {model.available ? <Health stats={measured} /> : null}
              </div>
            </Card>
          </li>
        );
      })}
    </ul>
  );
}

function Name({ model }: { model: ModelOut }) {
  return (
    <span className="grid gap-1.5">
      <span className="flex flex-wrap items-center gap-2">
        <Link
          to="/models/$"
          params={{ _splat: model.id }}
          className="font-semibold text-primary-text underline-offset-4 hover:underline"
        >
          {model.name}
        </Link>
        <Notices model={model} />
      </span>
      <span className="text-xs text-muted-foreground">{model.provider_name}</span>
      <span className="text-sm text-pretty">{model.best_use}</span>
      <span className="text-xs text-pretty text-muted-foreground">
        {model.capabilities.map(words).join(" · ")}
      </span>
    </span>
  );
}

export function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted-foreground">{label}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}
