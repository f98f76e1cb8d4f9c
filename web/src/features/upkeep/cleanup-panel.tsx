import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Eye } from "lucide-react";
import { useState } from "react";
import {
  getCleanupOptions,
  getCleanupQueryKey,
  tryCleanupMutation,
  updateCleanupMutation,
} from "@/api/@tanstack/react-query.gen";
import type { CleanupIn, CleanupOut } from "@/api/types.gen";
import { useMayChange } from "@/features/workspaces/acting";
import { formatBytes, formatCount, formatDateTime } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { notify } from "@/ui/notify";
import { NumberField } from "@/ui/number-field";
import { Skeleton } from "@/ui/skeleton";
import { Switch } from "@/ui/switch";
import { CleanupRuns } from "./cleanup-runs";
import { CONDITIONS, has, with_ } from "./conditions";
import { DryRun } from "./dry-run";

const MOST_DAYS = 3650;

/** What the workspace clears up by itself: off until somebody turns it on. */
export function CleanupPanel() {
  const rule = useQuery({ ...getCleanupOptions(), staleTime: 0 });
  return (
    <section aria-labelledby="cleanup" className="grid gap-5">
      <div>
        <h2 id="cleanup" className="text-lg">
          Clean-up
        </h2>
        <p className="mt-1 text-sm text-muted-foreground">
          Once a day, pictures that nobody did anything with go to the{" "}
          <Link to="/trash" className="font-medium text-primary-text hover:underline">
            trash
          </Link>
          . There they are kept for a while, and can be taken back.
        </p>
      </div>
      {rule.isPending ? <Skeleton className="h-80 rounded-xl" /> : null}
      {rule.isError ? (
        <Alert
          kind="error"
          title="The clean-up could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void rule.refetch()}>
              Try again
            </Button>
          }
        >
          {reasonOf(rule.error)}
        </Alert>
      ) : null}
      {rule.data ? (
        <>
          <Rule rule={rule.data} />
          <CleanupRuns runs={rule.data.runs} />
        </>
      ) : null}
    </section>
  );
}

function Rule({ rule }: { rule: CleanupOut }) {
  const client = useQueryClient();
  const mayChange = useMayChange();
  const [enabled, enable] = useState(rule.enabled);
  const [days, setDays] = useState<number | null>(rule.older_than_days);
  const [filter, setFilter] = useState(rule.filter);
  const dry = useMutation(tryCleanupMutation());
  const save = useMutation({
    ...updateCleanupMutation(),
    onSuccess: (kept) => {
      client.setQueryData(getCleanupQueryKey(), kept);
      notify({
        kind: "success",
        title: kept.next_run_at
          ? `Kept. The next clean-up is at ${formatDateTime(kept.next_run_at)}`
          : "Kept. The clean-up is off",
      });
    },
  });
  const good = days !== null && Number.isInteger(days) && days >= 1 && days <= MOST_DAYS;
  const body = (): CleanupIn => ({ enabled, older_than_days: days ?? 1, filter });
  const change = (act: () => void) => {
    // What was tried belongs to the rule as it was.
    dry.reset();
    save.reset();
    act();
  };
  const error = save.error ?? dry.error;
  return (
    <>
      <Card className="grid gap-5 p-4 sm:p-5">
        <label htmlFor="cleanup-on" className="flex items-center justify-between gap-4 font-medium">
          Clean up every day
          <Switch
            id="cleanup-on"
            checked={enabled}
            disabled={!mayChange}
            onChange={(on) => change(() => enable(on))}
          />
        </label>
        {rule.next_run_at ? (
          <p className="-mt-3 text-sm text-muted-foreground">
            {`Next: ${formatDateTime(rule.next_run_at)}`}
          </p>
        ) : null}
        <Field
          label="Only pictures untouched for so many days"
          help="Made and last changed before that. What was taken out of the trash counts as changed."
          error={good ? undefined : `A whole number from 1 to ${MOST_DAYS}.`}
        >
          {(control) => (
            <NumberField
              {...control}
              min={1}
              max={MOST_DAYS}
              step={1}
              value={days}
              disabled={!mayChange}
              onChange={(next) => change(() => setDays(next))}
              className="max-w-32"
            />
          )}
        </Field>
        <fieldset className="grid gap-2.5" disabled={!mayChange}>
          <legend className="mb-2 text-sm font-medium">And only those that are</legend>
          {CONDITIONS.map((condition) => (
            <label
              key={condition.name}
              htmlFor={`cleanup-${condition.name}`}
              className="flex items-center gap-3 text-sm"
            >
              <Switch
                id={`cleanup-${condition.name}`}
                checked={has(filter, condition)}
                onChange={(on) => change(() => setFilter(with_(filter, condition, on)))}
              />
              {condition.label}
            </label>
          ))}
        </fieldset>
        {error ? (
          <Alert kind="error" title="That cannot be a rule">
            {reasonOf(error)}
          </Alert>
        ) : null}
        {mayChange ? (
          <div className="flex flex-wrap gap-3">
            <Button
              disabled={!good}
              working={save.isPending && "Keeping…"}
              onClick={() => save.mutate({ body: body() })}
            >
              Save
            </Button>
            <Button
              variant="secondary"
              disabled={!good}
              working={dry.isPending && "Looking…"}
              onClick={() => dry.mutate({ body: body() })}
            >
              <Eye aria-hidden /> See what would go now
            </Button>
          </div>
        ) : null}
      </Card>
      {dry.data ? (
        <DryRun
          found={dry.data}
          words={`${formatCount(dry.data.images, "picture")}, ${formatBytes(dry.data.bytes)}`}
        />
      ) : null}
    </>
  );
}
