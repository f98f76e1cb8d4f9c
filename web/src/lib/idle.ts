/** Work that can wait until the page has been drawn and nothing else is to do. */
const LATEST_MS = 1_500;

/** Runs `work` when the browser is idle, at the latest after a moment; the answer calls it off. */
export function whenIdle(work: () => void, latest = LATEST_MS): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(work, 1);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: latest });
  return () => cancelIdleCallback(handle);
}

/** Waits for `work`, but no longer than `ms`; that it failed is for others to find out. */
export function briefly(work: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(resolve, ms);
    work.then(done, done);
  });
}
