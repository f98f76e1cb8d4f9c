/**
 * How the generated client talks: same origin, with the session cookie, JSON in and out, a Problem on failure.
 * The studio never holds a token; who is signed in is what GET /api/auth/me says.
 */
type ClientOptions = { baseUrl?: string; throwOnError?: boolean; credentials?: RequestCredentials };

export function createClientConfig<T extends ClientOptions>(config?: T): T {
  return { ...config, baseUrl: "", throwOnError: true, credentials: "same-origin" } as T;
}
