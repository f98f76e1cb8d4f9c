/** The draft outlives the page: kept in this browser for each account, and read with suspicion. */
import * as z from "zod/mini";
import "@/lib/zod-without-eval";
import { RATIOS } from "@/features/catalogue/sizes";
import { readStored, writeStored } from "@/lib/stored";
import { type Draft, EMPTY } from "./draft";

const side = z.nullable(z.number());
const stored = z.object({
  model: z.catch(z.string(), EMPTY.model),
  prompt: z.catch(z.string(), EMPTY.prompt),
  negative: z.catch(z.string(), EMPTY.negative),
  shape: z.catch(z.enum([...RATIOS, "custom"]), EMPTY.shape),
  width: z.catch(side, EMPTY.width),
  height: z.catch(side, EMPTY.height),
  count: z.catch(z.int(), EMPTY.count),
  seed: z.catch(z.nullable(z.int()), EMPTY.seed),
  format: z.catch(z.string(), EMPTY.format),
  values: z.catch(z.record(z.string(), z.unknown()), EMPTY.values),
  failover: z.catch(z.boolean(), EMPTY.failover),
});

const place = (account: string) => `draft:${account}`;

/** Whether a draft was ever kept here. */
export function hasDraft(account: string): boolean {
  return readStored(place(account)) !== null;
}

export function readDraft(account: string): Draft {
  try {
    const found = stored.safeParse(JSON.parse(readStored(place(account)) ?? "{}"));
    return found.success ? found.data : EMPTY;
  } catch {
    return EMPTY;
  }
}

export function writeDraft(account: string, draft: Draft): void {
  const text = JSON.stringify(draft);
  if (text !== readStored(place(account))) writeStored(place(account), text);
}
