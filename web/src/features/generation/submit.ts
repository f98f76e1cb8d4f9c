/** What can be asked of the queue: make, cancel, try again. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import {
  cancelGenerationMutation,
  generateImageMutation,
  listModelsQueryKey,
  retryGenerationMutation,
} from "@/api/@tanstack/react-query.gen";
import type { GenerateIn, GenerationOut } from "@/api/types.gen";
import { Problem, reasonOf } from "@/lib/problem";
import { mayPass } from "@/lib/query-client";
import { notify } from "@/ui/notify";
import { againBody } from "./draft";
import { putGeneration, refreshGeneration } from "./feed";

/** Sends what `text` tells from others; where an answer was lost it keeps its key, so that asking again never makes it twice. */
export function useKeyed() {
  const pending = useRef<{ key: string; text: string } | null>(null);
  return async <Answer>(text: string, send: (key: string) => Promise<Answer>): Promise<Answer> => {
    if (pending.current?.text !== text) pending.current = { key: newKey(), text };
    try {
      const answer = await send(pending.current.key);
      pending.current = null;
      return answer;
    } catch (error) {
      if (!mayPass(error)) pending.current = null;
      throw error;
    }
  };
}

/** Submits, each request once. */
export function useSubmit() {
  const client = useQueryClient();
  const keyed = useKeyed();
  const { mutateAsync } = useMutation({
    ...generateImageMutation(),
    onSuccess: (made) => putGeneration(client, made),
  });
  return async (body: GenerateIn): Promise<GenerationOut> => {
    try {
      return await keyed(JSON.stringify(body), (key) =>
        mutateAsync({ body, headers: { "Idempotency-Key": key } }),
      );
    } catch (error) {
      // It was switched off while its form was open.
      if (error instanceof Problem && error.code === "model_unavailable")
        void client.invalidateQueries({ queryKey: listModelsQueryKey() });
      throw error;
    }
  };
}

/** What the cards do with a generation. Failures are told as notices. */
export function useCardActions() {
  const client = useQueryClient();
  const submit = useSubmit();
  const cancelling = useMutation({
    ...cancelGenerationMutation(),
    onSuccess: (made) => putGeneration(client, made),
    onError: (error, { path }) => {
      void refreshGeneration(client, path.id);
      tell("It was not cancelled", error);
    },
  });
  const retrying = useMutation({
    ...retryGenerationMutation(),
    onSuccess: (made) => putGeneration(client, made),
    onError: (error) => tell("It could not be tried again", error),
  });
  return {
    cancel: ({ id }: GenerationOut) => cancelling.mutate({ path: { id } }),
    retry: ({ id }: GenerationOut) => retrying.mutate({ path: { id } }),
    again: (made: GenerationOut, seed: "same" | "new") =>
      void submit(againBody(made, seed)).catch((error) => tell("It was not submitted", error)),
  };
}

export type CardActions = ReturnType<typeof useCardActions>;

function tell(title: string, error: unknown) {
  notify({ kind: "error", title, description: reasonOf(error) });
}

/** Not `randomUUID`, which plain HTTP on a local network does not have. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
