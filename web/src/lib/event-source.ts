/** One connection to the server's event stream that comes back by itself, slower each time it fails. */
export type StreamStatus = "connecting" | "open" | "lost";

export type SourceHandlers = {
  onEvent: (name: string, data: unknown) => void;
  onStatus: (status: StreamStatus) => void;
};

/** What is used of a browser's EventSource. */
export type SourceLike = {
  readonly readyState: number;
  addEventListener: (name: string, listener: (event: MessageEvent<string>) => void) => void;
  close: () => void;
};

const CLOSED = 2;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The server ends a stream now and then, and the browser is back within a second: that is nothing to tell. */
const LOST_AFTER_MS = 5_000;

/** How long to wait before attempt `failures` + 1, in milliseconds: doubling, with up to a quarter taken off. */
export function waitAfter(failures: number, chance = Math.random()): number {
  const whole = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return Math.round(whole * (1 - chance / 4));
}

/** Opens the stream at `url` and hands on the events called `names`. The answer closes it for good. */
export function openSource(
  url: string,
  names: readonly string[],
  handlers: SourceHandlers,
  create: (url: string) => SourceLike = (address) => new EventSource(address),
): () => void {
  let source: SourceLike | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const connect = () => {
    const mine = create(url);
    source = mine;
    mine.addEventListener("open", () => {
      failures = 0;
      clearTimeout(lost);
      lost = undefined;
      handlers.onStatus("open");
    });
    mine.addEventListener("error", () => {
      if (lost === undefined) {
        handlers.onStatus("connecting");
        lost = setTimeout(() => handlers.onStatus("lost"), LOST_AFTER_MS);
      }
      // A browser tries again by itself after a cut, but not after a refusal.
      if (mine.readyState !== CLOSED) return;
      mine.close();
      timer = setTimeout(connect, waitAfter(failures));
      failures += 1;
    });
    for (const name of names) {
      mine.addEventListener(name, (event) => {
        const data = parse(event.data);
        if (data !== undefined) handlers.onEvent(name, data);
      });
    }
  };

  handlers.onStatus("connecting");
  connect();
  return () => {
    clearTimeout(timer);
    clearTimeout(lost);
    source?.close();
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
