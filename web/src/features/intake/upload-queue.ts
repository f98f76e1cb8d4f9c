/** What is being brought into the library: a queue outside of React, which going from page to page leaves alone. */
import { useSyncExternalStore } from "react";
import { Problem, reasonOf } from "@/lib/problem";
import { fetchAddress, giveUp, goesOn, sendFile } from "./resumable";

const AT_ONCE = 3;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export type UploadState = "waiting" | "sending" | "away" | "checking" | "done" | "known" | "failed";

export type Upload = {
  id: number;
  name: string;
  /** Bytes; null for an address. */
  size: number | null;
  sent: number;
  state: UploadState;
  /** Why it failed. */
  reason?: string;
  code?: string;
  imageId?: string;
};

type Source = File | string;

let uploads: readonly Upload[] = [];
const sources = new Map<number, Source>();
const stops = new Map<number, AbortController>();
const listeners = new Set<() => void>();
let last = 0;

/** Adds files and addresses to the end of the queue. */
export function bringIn(given: readonly Source[]): void {
  const added = given.map((source): Upload => {
    last += 1;
    sources.set(last, source);
    const file = typeof source === "string" ? null : source;
    return {
      id: last,
      name: file ? file.name : (source as string),
      size: file ? file.size : null,
      sent: 0,
      state: "waiting",
    };
  });
  if (added.length > 0) set([...uploads, ...added]);
  work();
}

/** Tries a failed one again. */
export function tryAgain(id: number): void {
  change(id, { state: "waiting", sent: 0, reason: undefined, code: undefined });
  work();
}

/** Takes one out of the queue, and stops it if it is under way. */
export function dismiss(id: number): void {
  const source = sources.get(id);
  const unfinished = stops.get(id);
  unfinished?.abort();
  if (unfinished && source instanceof File) void giveUp(source);
  sources.delete(id);
  set(uploads.filter((one) => one.id !== id));
  work();
}

/** Takes all out that have ended. */
export function clearEnded(): void {
  for (const one of uploads) if (hasEnded(one)) sources.delete(one.id);
  set(uploads.filter((one) => !hasEnded(one)));
}

export function hasEnded({ state }: Upload): boolean {
  return state === "done" || state === "known" || state === "failed";
}

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(subscribe, () => uploads);
}

/** Whether there is anything in the queue: for what only wants to know that, not how far it is. */
export function useAnyUploads(): boolean {
  return useSyncExternalStore(subscribe, () => uploads.length > 0);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: readonly Upload[]): void {
  const before = uploads.some((one) => !hasEnded(one));
  uploads = next;
  const after = uploads.some((one) => !hasEnded(one));
  // Leaving the page would break off what is under way.
  if (after && !before) addEventListener("beforeunload", ask);
  if (before && !after) removeEventListener("beforeunload", ask);
  for (const listener of listeners) listener();
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function change(id: number, facts: { [Key in keyof Upload]?: Upload[Key] | undefined }): void {
  set(uploads.map((one) => (one.id === id ? ({ ...one, ...facts } as Upload) : one)));
}

function work(): void {
  for (const one of uploads) {
    if (stops.size >= AT_ONCE) return;
    if (one.state === "waiting" && !stops.has(one.id)) void begin(one.id);
  }
}

async function begin(id: number): Promise<void> {
  const source = sources.get(id);
  const stop = new AbortController();
  if (source === undefined) return;
  stops.set(id, stop);
  try {
    await untilItEnds(id, source, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return;
    const code = error instanceof Problem ? error.code : "";
    change(id, { state: "failed", reason: reasonOf(error), code });
  } finally {
    stops.delete(id);
    work();
  }
}

/** Goes on after every break that passes by itself, each time a little later. */
async function untilItEnds(id: number, source: Source, signal: AbortSignal): Promise<void> {
  for (let breaks = 0; ; breaks += 1) {
    try {
      if (typeof source === "string") await bringAddress(id, source, signal);
      else await bringFile(id, source, signal, () => (breaks = 0));
      return;
    } catch (error) {
      const passes = error instanceof Problem && goesOn(error) && typeof source !== "string";
      if (signal.aborted || !passes) throw error;
      change(id, { state: "away" });
      const wait = error.retryAfter ? error.retryAfter * 1000 : FIRST_WAIT_MS * 2 ** breaks;
      await aWhile(Math.min(wait, LONGEST_WAIT_MS), signal);
    }
  }
}

async function bringFile(
  id: number,
  file: File,
  signal: AbortSignal,
  onMove: () => void,
): Promise<void> {
  const onSent = (sent: number) => {
    if (sent > 0) onMove();
    change(id, { sent, state: sent < file.size ? "sending" : "checking" });
  };
  const told = await sendFile(file, { onSent, signal });
  if (told.error)
    throw new Problem({ status: 422, code: told.error.code, detail: told.error.message });
  const state = told.already_there ? "known" : "done";
  change(id, { state, sent: file.size, imageId: told.image_id ?? undefined });
}

async function bringAddress(id: number, url: string, signal: AbortSignal): Promise<void> {
  change(id, { state: "checking" });
  const { items, already_there } = await fetchAddress(url, signal);
  const state = already_there.length > 0 ? "known" : "done";
  change(id, { state, imageId: items[0]?.id });
}

/** Waits, but no longer than until the connection is back. */
function aWhile(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
