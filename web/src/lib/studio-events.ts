/** The events the server sends, by name, and the one stream they come from. `id` is the id of the subject. */
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { EventStream } from "./event-stream";
import { whenIdle } from "./idle";
import { actingId } from "./workspace";

export type GenerationStatus = "pending" | "processing" | "completed" | "failed" | "cancelled";

export type GenerationProgress = {
  step: number;
  steps: number;
  percent: number;
  preview_url?: string | null;
};

export type GenerationEvent = {
  id: string;
  status?: GenerationStatus;
  progress?: GenerationProgress | null;
  position?: number | null;
  eta_seconds?: number | null;
};

/** `user_id` is who left, where someone did. */
export type TeamEvent = { id: string; user_id?: string };

export type ImageEvent = { id: string };

export type StudioEvents = {
  "generation.created": GenerationEvent;
  /** Many at once; `id` is their batch's. */
  "generations.created": { id: string; count: number };
  "generation.queued": GenerationEvent;
  "generation.started": GenerationEvent;
  "generation.progress": GenerationEvent;
  "generation.completed": GenerationEvent;
  "generation.failed": GenerationEvent;
  "generation.cancelled": GenerationEvent;
  "credits.changed": { id: string };
  "spending.alerted": { id: string; threshold: number; spent: number; limit: number };
  "image.created": ImageEvent;
  "image.updated": ImageEvent;
  "image.deleted": ImageEvent;
  "image.restored": ImageEvent;
  "image.rendered": ImageEvent;
  "project.created": { id: string };
  /** `fields` are the names of what changed; `images` is among them. */
  "project.changed": { id: string; fields: string[] };
  "project.deleted": { id: string };
  "collection.created": { id: string };
  "collection.changed": { id: string; fields: string[] };
  "collection.deleted": { id: string };
  /** Many at once; `id` is that of the change. */
  "images.changed": { id: string; action: string; changed: number };
  "comparison.judged": { id: string };
  "team.changed": TeamEvent;
  "team.member_left": TeamEvent;
};

const NAMES: Record<keyof StudioEvents, true> = {
  "generation.created": true,
  "generations.created": true,
  "generation.queued": true,
  "generation.started": true,
  "generation.progress": true,
  "generation.completed": true,
  "generation.failed": true,
  "generation.cancelled": true,
  "credits.changed": true,
  "spending.alerted": true,
  "image.created": true,
  "image.updated": true,
  "image.deleted": true,
  "image.restored": true,
  "image.rendered": true,
  "project.created": true,
  "project.changed": true,
  "project.deleted": true,
  "collection.created": true,
  "collection.changed": true,
  "collection.deleted": true,
  "images.changed": true,
  "comparison.judged": true,
  "team.changed": true,
  "team.member_left": true,
};

export const studioStream = new EventStream<StudioEvents>(
  () => (actingId() ? `/api/events?workspace=${actingId()}` : "/api/events"),
  Object.keys(NAMES) as (keyof StudioEvents)[],
  undefined,
  () => (actingId() ? `:${actingId()}` : ""),
);

/** Calls `listener` for each event called `name` while the component is there. */
export function useStudioEvent<Name extends keyof StudioEvents>(
  name: Name,
  listener: (data: StudioEvents[Name]) => void,
): void {
  const latest = useEffectEvent(listener);
  useEffect(() => studioStream.on(name, (data) => latest(data)), [name]);
}

/** Calls `listener` when events may have been missed and what is shown should be fetched afresh. */
export function useStreamCatchUp(listener: () => void): void {
  const latest = useEffectEvent(listener);
  useEffect(() => studioStream.onCatchUp(() => latest()), []);
}

/** Keeps the stream open while the component is there; says whether the connection is lost. */
export function useStudioStream(): boolean {
  useEffect(() => {
    let stop = () => {};
    const forget = whenIdle(() => {
      stop = studioStream.start();
    });
    return () => {
      forget();
      stop();
    };
  }, []);
  return useSyncExternalStore(studioStream.watch, () => studioStream.status === "lost");
}
