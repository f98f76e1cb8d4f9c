/** After an update of the studio an open tab asks for files that are gone: load the page anew, once. */
const NAME = "easel:reloaded-at";
const AGAIN_MS = 30_000;

export function reloadWhenOutdated(): void {
  addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(NAME) ?? 0);
    if (Date.now() - last < AGAIN_MS) return;
    event.preventDefault();
    sessionStorage.setItem(NAME, String(Date.now()));
    location.reload();
  });
}
