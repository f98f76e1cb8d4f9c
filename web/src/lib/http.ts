/**
 * How the generated client talks: same origin, with the session cookie, a Problem thrown on failure.
 * The studio never holds a token; who is signed in is what GET /api/auth/me says.
 */
import { toProblem } from "./problem";
import { actingId } from "./workspace";

type ClientOptions = {
  baseUrl?: string;
  throwOnError?: boolean;
  credentials?: RequestCredentials;
  fetch?: typeof fetch;
};

/** Called by the generated client (src/api/client.gen.ts) when it is made. */
export function createClientConfig<T extends ClientOptions>(config?: T): T {
  const ours: ClientOptions = {
    baseUrl: location.origin,
    throwOnError: true,
    credentials: "same-origin",
    fetch: fetchOrThrow,
  };
  return { ...config, ...ours } as T;
}

async function fetchOrThrow(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const workspace = actingId();
  if (workspace) request.headers.set("X-Workspace", workspace);
  const response = await fetch(request).catch((error: unknown) => {
    throw request.signal.aborted ? error : toProblem(undefined);
  });
  if (response.ok) return response;
  throw toProblem(await response.json().catch(() => undefined), response);
}
