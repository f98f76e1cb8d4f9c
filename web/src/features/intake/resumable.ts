/** One file on its way to the library, in parts by the tus protocol, so that a break costs one part at most. */
import type { ResumableUpload, UploadOut } from "@/api/types.gen";
import { Problem, toProblem } from "@/lib/problem";
import { readStored, writeStored } from "@/lib/stored";
import { actingId, actingName } from "@/lib/workspace";

const PART_BYTES = 8_000_000;
const STORED = "uploads";
const UPLOADS = "/api/images/uploads";

export type Progress = {
  /** Bytes that the server has or that are on their way to it. */
  onSent: (bytes: number) => void;
  signal: AbortSignal;
};

/** Sends `file` from where an earlier try of it got to. Throws a Problem; calling it again goes on. */
export async function sendFile(file: File, { onSent, signal }: Progress): Promise<ResumableUpload> {
  const key = keyOf(file);
  let url = remembered()[key];
  let offset = 0;
  if (url) {
    const there = await stateOf(url, signal).catch(notFound);
    if (there?.status === "receiving") offset = there.offset;
    else {
      remember(key, null);
      url = undefined;
    }
    // The last part arrived, and the answer to it did not.
    if (there?.status === "done") return there;
  }
  if (!url) {
    url = await begin(file, signal);
    remember(key, url);
  }
  try {
    while (offset < file.size) {
      const from = offset;
      const part = file.slice(from, from + PART_BYTES);
      onSent(from);
      await patch(url, from, part, (sent) => onSent(from + sent), signal);
      offset += part.size;
    }
    const state = await stateOf(url, signal);
    remember(key, null);
    return state;
  } catch (error) {
    if (error instanceof Problem && !goesOn(error)) remember(key, null);
    throw error;
  }
}

/** Has the server fetch a picture from an address. */
export async function fetchAddress(url: string, signal: AbortSignal): Promise<UploadOut> {
  const answer = await ask("/api/images/upload?duplicates=skip", {
    method: "POST",
    body: JSON.stringify({ url }),
    headers: { "Content-Type": "application/json" },
    signal,
  });
  return (await answer.json()) as UploadOut;
}

/** Forgets what came of a file that is given up. */
export async function giveUp(file: File): Promise<void> {
  const key = keyOf(file);
  const url = remembered()[key];
  remember(key, null);
  if (url) await ask(url, { method: "DELETE", headers: TUS }).catch(() => undefined);
}

/** Whether an error passes by itself: no connection, a server that is busy, a part that came twice. */
export function goesOn({ status }: Problem): boolean {
  return status === 0 || status === 409 || status === 429 || (status >= 500 && status !== 507);
}

const TUS = { "Tus-Resumable": "1.0.0" };

async function begin(file: File, signal: AbortSignal): Promise<string> {
  const metadata = { filename: file.name, duplicates: "skip" };
  const answer = await ask(UPLOADS, {
    method: "POST",
    headers: {
      ...TUS,
      "Upload-Length": String(file.size),
      "Upload-Metadata": Object.entries(metadata)
        .map(([name, value]) => `${name} ${base64(value)}`)
        .join(","),
    },
    signal,
  });
  return answer.headers.get("Location") ?? "";
}

async function stateOf(url: string, signal: AbortSignal): Promise<ResumableUpload> {
  const answer = await ask(url, { signal });
  return (await answer.json()) as ResumableUpload;
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, ...inWorkspace() };
  const answer = await fetch(url, { ...init, headers }).catch((error: unknown) => {
    throw init.signal?.aborted ? error : toProblem(undefined);
  });
  if (answer.ok) return answer;
  throw toProblem(await answer.json().catch(() => undefined), answer);
}

/** A request of its own kind: fetch does not tell how much of a body is sent. */
function patch(
  url: string,
  offset: number,
  part: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PATCH", url);
    const headers = {
      ...TUS,
      ...inWorkspace(),
      "Upload-Offset": String(offset),
      "Content-Type": "application/offset+octet-stream",
    };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => {
      if (request.status === 204) resolve();
      else reject(toProblem(json(request.responseText), headOf(request)));
    };
    request.onerror = () => reject(toProblem(undefined));
    request.onabort = () => reject(new DOMException("Stopped", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    request.send(part);
  });
}

function headOf(request: XMLHttpRequest): Response {
  const after = request.getResponseHeader("Retry-After");
  return new Response(null, {
    status: request.status,
    headers: after === null ? {} : { "Retry-After": after },
  });
}

function notFound(error: unknown): null {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
}

function inWorkspace(): Record<string, string> {
  const workspace = actingId();
  return workspace ? { "X-Workspace": workspace } : {};
}

/** What tells one file from another before its bytes are read. */
function keyOf(file: File): string {
  return [actingName(), file.name, file.size, file.lastModified].join("/");
}

function remembered(): Record<string, string> {
  const found = json(readStored(STORED) ?? "{}");
  return typeof found === "object" && found !== null ? (found as Record<string, string>) : {};
}

function remember(key: string, url: string | null): void {
  const { [key]: _, ...others } = remembered();
  const next = url === null ? others : { ...others, [key]: url };
  writeStored(STORED, Object.keys(next).length > 0 ? JSON.stringify(next) : null);
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
