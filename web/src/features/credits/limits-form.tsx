import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  getLimitsOptions,
  getLimitsQueryKey,
  putLimitsMutation,
} from "@/api/@tanstack/react-query.gen";
import type { LimitsOut } from "@/api/types.gen";
import { placeErrors } from "@/lib/form-errors";
import { formatCredits, formatDate } from "@/lib/format";
import { reasonOf } from "@/lib/problem";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { NumberField } from "@/ui/number-field";
import { Progress } from "@/ui/progress";
import { Skeleton } from "@/ui/skeleton";

/** What the workspace allows itself in a month, and when to warn. */
export function LimitsForm() {
  const limits = useQuery(getLimitsOptions());
  return (
    <section aria-labelledby="limits">
      <Card className="grid gap-5 p-4 sm:p-6">
        <div>
          <h2 id="limits" className="text-lg">
            Monthly limit
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            Beyond it nothing more is made until the next month (UTC) begins.
          </p>
        </div>
        {limits.isError ? (
          <Alert kind="error" title="The limit could not be loaded">
            {reasonOf(limits.error)}
          </Alert>
        ) : limits.data ? (
          <Form key={JSON.stringify(limits.data)} limits={limits.data} />
        ) : (
          <div role="status" aria-label="Loading the limit">
            <Skeleton className="h-40" />
          </div>
        )}
      </Card>
    </section>
  );
}

function Form({ limits }: { limits: LimitsOut }) {
  const client = useQueryClient();
  const [credits, setCredits] = useState(limits.monthly_credits);
  const [thresholds, setThresholds] = useState(limits.alert_thresholds.join(", "));
  const save = useMutation({
    ...putLimitsMutation(),
    onSuccess: (changed) => {
      client.setQueryData(getLimitsQueryKey(), changed);
      notify({ kind: "success", title: "Limit saved" });
    },
  });
  const numbers = readThresholds(thresholds);
  const { fields, form } = save.isError
    ? placeErrors(save.error, ["monthly_credits", "alert_thresholds"])
    : { fields: [], form: null };
  const fault = (name: string) => fields.find((field) => field.name === name)?.message;
  return (
    <form
      noValidate
      aria-labelledby="limits"
      className="grid max-w-md gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (numbers) save.mutate({ body: { monthly_credits: credits, alert_thresholds: numbers } });
      }}
    >
      {form ? <Alert kind="error">{form}</Alert> : null}
      {limits.monthly_credits ? <Spent limits={limits} most={limits.monthly_credits} /> : null}
      <Field label="Credits in a month" help="Empty: no limit." error={fault("monthly_credits")}>
        {(control) => (
          <NumberField {...control} min={0} step="any" value={credits} onChange={setCredits} />
        )}
      </Field>
      <Field
        label="Warn at"
        help="Percentages of the limit; each warning is given once a month, here and by mail."
        error={
          numbers ? fault("alert_thresholds") : "Write whole numbers from 1 to 100, with commas."
        }
      >
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            value={thresholds}
            onChange={(event) => setThresholds(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="justify-self-start" working={save.isPending && "Saving…"}>
        Save limit
      </Button>
    </form>
  );
}

function Spent({ limits: { spent, resets_at }, most }: { limits: LimitsOut; most: number }) {
  return (
    <div className="grid gap-2 text-sm">
      <Progress
        label="Spent of this month's limit"
        value={Math.min(100, Math.round((spent / most) * 100))}
      />
      <p className="text-muted-foreground">
        {`${formatCredits(spent)} of ${formatCredits(most)} spent; begins anew on ${formatDate(resets_at)}.`}
      </p>
    </div>
  );
}

/** "50, 80 100" → [50, 80, 100]; null for what is none. */
export function readThresholds(text: string): number[] | null {
  const numbers = text
    .split(/[\s,;%]+/)
    .filter(Boolean)
    .map(Number);
  const good = numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 100);
  return good && numbers.length <= 10 ? [...new Set(numbers)].sort((a, b) => a - b) : null;
}
