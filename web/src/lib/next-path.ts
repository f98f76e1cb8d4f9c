/** Where to go after signing in: a path of this studio, never another site. */
const HOME = "/app/generate";

export function safeNext(next: unknown, origin = location.origin): string {
  if (typeof next !== "string" || !next.startsWith("/") || /[\\\s]/.test(next)) return HOME;
  const url = URL.canParse(next, origin) ? new URL(next, origin) : null;
  if (!url || url.origin !== origin) return HOME;
  const inside = url.pathname === "/app" || url.pathname.startsWith("/app/");
  const asksToSignIn = /^\/app\/(log-in|sign-up)\b/.test(url.pathname);
  return inside && !asksToSignIn ? url.pathname + url.search + url.hash : HOME;
}
