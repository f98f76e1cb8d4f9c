/** Waits for what the server does in the background. */
import { getJob } from "@/api/sdk.gen";
import { Problem } from "@/lib/problem";

const EVERY_MS = 1_000;

/** Comes back when the job is done. Throws what it failed with. */
export async function finished(jobId: string): Promise<void> {
  for (;;) {
    const { data: job } = await getJob({ path: { id: jobId }, throwOnError: true });
    if (job.status === "completed") return;
    if (job.status === "failed")
      throw new Problem({ status: 0, detail: job.error?.message ?? "The work was not finished." });
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
