import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useStudioEvent } from "@/lib/studio-events";
import { findGeneration, refreshGeneration } from "./feed";

const LONGEST = 60;

/** Tells those who cannot see the page what began and what ended; not every step. */
export function Announcer() {
  const client = useQueryClient();
  const [words, say] = useState("");
  const nameOf = (id: string) => {
    const prompt = findGeneration(client, id)?.prompt ?? "";
    return prompt.length > LONGEST ? `${prompt.slice(0, LONGEST)}…` : prompt;
  };
  const afterwards = (id: string, told: () => string) =>
    void refreshGeneration(client, id).then(() => say(told()));
  useStudioEvent("generation.started", ({ id }) => say(`Started: ${nameOf(id)}`));
  useStudioEvent("generation.completed", ({ id }) =>
    afterwards(id, () => `Finished: ${nameOf(id)}`),
  );
  useStudioEvent("generation.failed", ({ id }) =>
    afterwards(id, () => {
      const reason = findGeneration(client, id)?.error?.message ?? "";
      return `Failed: ${nameOf(id)}. ${reason}`;
    }),
  );
  useStudioEvent("generation.cancelled", ({ id }) => say(`Cancelled: ${nameOf(id)}`));
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
