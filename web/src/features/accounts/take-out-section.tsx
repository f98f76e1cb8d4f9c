import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Upload } from "lucide-react";
import { type ChangeEvent, useId, useRef, useState } from "react";
import { listJobsOptions, listJobsQueryKey } from "@/api/@tanstack/react-query.gen";
import type { ImportStarted, JobOut } from "@/api/types.gen";
import { reasonOf } from "@/lib/problem";
import { upload } from "@/lib/upload";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Progress } from "@/ui/progress";

const IMPORTS = { query: { kind: "import", limit: 1 } };
const STAGES: Record<string, string> = {
  waiting: "Waiting for a worker",
  checking: "Checking every file",
  importing: "Bringing it in",
};

/** Everything out as one ZIP, and in again. */
export function TakeOutSection() {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card className="grid gap-5 p-4 sm:p-6">
        <div>
          <h2 id={id} className="text-lg">
            Take-out
          </h2>
          <p className="mt-1 text-sm text-muted-foreground">
            Every original, all records and a contact sheet in one ZIP. It can be imported into
            another account, here or elsewhere; importing it twice adds nothing.
          </p>
        </div>
        {/* A form, so that the browser streams the ZIP to disk, however large it is. */}
        <form method="post" action="/api/users/export">
          <Button type="submit" variant="secondary">
            <Download aria-hidden className="size-4" /> Download everything
          </Button>
        </form>
        <Import />
      </Card>
    </section>
  );
}

function Import() {
  const input = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const jobs = useQuery({
    ...listJobsOptions(IMPORTS),
    staleTime: 0,
    refetchInterval: ({ state }) => (isRunning(state.data?.items[0]) ? 1000 : false),
  });
  const job = jobs.data?.items[0];
  const running = isRunning(job);
  const send = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (!file) return;
    setProblem(null);
    setSent(0);
    try {
      await upload<ImportStarted>("/api/users/import", file, setSent);
      await client.invalidateQueries({ queryKey: listJobsQueryKey(IMPORTS) });
    } catch (error) {
      setProblem(reasonOf(error));
    }
    setSent(null);
    target.value = "";
  };
  return (
    <div className="grid gap-3">
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        aria-label="Take-out to import"
        className="sr-only"
        tabIndex={-1}
        onChange={send}
      />
      <Button
        variant="secondary"
        className="justify-self-start"
        disabled={running || sent !== null}
        onClick={() => input.current?.click()}
      >
        <Upload aria-hidden className="size-4" /> Import a take-out
      </Button>
      {problem ? <Alert kind="error">{problem}</Alert> : null}
      {jobs.isError ? <Alert kind="error">{reasonOf(jobs.error)}</Alert> : null}
      {sent !== null ? <Step label="Uploading" percent={sent} /> : null}
      {sent === null && job ? <Outcome job={job} /> : null}
    </div>
  );
}

function Outcome({ job }: { job: JobOut }) {
  if (isRunning(job)) return <Step label={STAGES[job.stage] ?? job.stage} percent={job.percent} />;
  if (job.status === "failed")
    return (
      <Alert kind="error" title="The last import failed">
        {job.error?.message}
      </Alert>
    );
  const count = (name: string) => Number(job.result[name] ?? 0).toLocaleString();
  return (
    <p role="status" className="text-sm text-muted-foreground">
      Last import: {count("images")} pictures came in, {count("already_there")} were there already.
    </p>
  );
}

function Step({ label, percent }: { label: string; percent: number }) {
  return (
    <div className="grid max-w-md gap-2">
      <p className="text-sm">
        {label}, {Math.round(percent)} %
      </p>
      <Progress value={percent} label={label} />
    </div>
  );
}

function isRunning(job: JobOut | undefined): boolean {
  return job?.status === "pending" || job?.status === "running";
}
