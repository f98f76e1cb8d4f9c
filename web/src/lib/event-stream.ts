/**
 * The server's events, over one connection for all tabs of a browser (a browser gives an origin six over HTTP/1.1).
 *
 * The tabs agree by a Web Lock: who holds it, leads, keeps the connection and tells the others over a BroadcastChannel.
 * A tab that closes gives the lock to the next. A leader that the browser has frozen is found out when another tab
 * comes into view and asks: no answer, and the lock is taken from it. Where there are no locks (plain HTTP on a local
 * network), each tab in view has a connection of its own.
 */
import { openSource, type SourceLike, type StreamStatus } from "./event-source";

const LOCK = "easel:events";
const ANSWER_MS = 2_000;
/** The server sends it when it cannot tell all that was missed. */
const RESET = "reset";

type Wire =
  | { kind: "event"; name: string; data: unknown }
  | { kind: "status"; status: StreamStatus }
  | { kind: "ask" };

export type StreamParts = {
  locks?: Pick<LockManager, "request"> | undefined;
  channel?: ((name: string) => BroadcastChannel) | undefined;
  create?: ((url: string) => SourceLike) | undefined;
};

type Listener = (data: never) => void;

export class EventStream<Events extends Record<string, unknown>> {
  #status: StreamStatus = "connecting";
  #role: "leader" | "follower" = "follower";
  /** True from the start: what a page shows was fetched before the stream began. */
  #missed = true;
  #listeners = new Map<string, Set<Listener>>();
  #catchers = new Set<() => void>();
  #watchers = new Set<() => void>();
  #channel: BroadcastChannel | null = null;
  #stop: (() => void) | null = null;
  #answer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string | (() => string),
    private readonly names: readonly (keyof Events & string)[],
    private readonly parts: StreamParts = browserParts(),
    /** What tabs must have in common to share a connection. */
    private readonly audience: () => string = () => "",
  ) {}

  get status(): StreamStatus {
    return this.#status;
  }

  get leads(): boolean {
    return this.#role === "leader";
  }

  /** Calls `listener` for every event called `name`. The answer takes it off again. */
  on<Name extends keyof Events & string>(
    name: Name,
    listener: (data: Events[Name]) => void,
  ): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener as Listener));
    return () => set.delete(listener as Listener);
  }

  /** Calls `listener` when the stream begins, or is back, and events may have been missed: time to fetch afresh. */
  onCatchUp(listener: () => void): () => void {
    this.#catchers.add(listener);
    return () => this.#catchers.delete(listener);
  }

  /** Calls `listener` when `status` changed. */
  watch = (listener: () => void): (() => void) => {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  };

  /** Begins to listen; the answer ends it and lets another tab lead. */
  start(): () => void {
    if (this.#stop) return this.#stop;
    const { locks, channel } = this.parts;
    const end = locks && channel ? this.#share(locks, channel) : this.#alone();
    this.#stop = () => {
      this.#stop = null;
      end();
    };
    return this.#stop;
  }

  #share(
    locks: Pick<LockManager, "request">,
    open: (name: string) => BroadcastChannel,
  ): () => void {
    const name = LOCK + this.audience();
    const channel = open(name);
    let stopped = false;
    let release = () => {};
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent<Wire>) => this.#hear(data);

    const queue = (steal: boolean) => {
      const hold = () =>
        new Promise<void>((resolve) => {
          if (stopped) return resolve();
          const close = this.#lead();
          release = () => {
            close();
            resolve();
          };
        });
      // The request fails when another tab takes the lock away; this tab then queues up behind it.
      locks.request(name, steal ? { steal } : {}, hold).catch(() => {
        release();
        this.#role = "follower";
        if (!stopped) queue(false);
      });
    };
    const check = () => {
      if (document.visibilityState !== "visible" || this.leads) return;
      this.#tell({ kind: "ask" });
      clearTimeout(this.#answer);
      this.#answer = setTimeout(() => queue(true), ANSWER_MS);
    };
    queue(false);
    this.#tell({ kind: "ask" });
    document.addEventListener("visibilitychange", check);
    return () => {
      stopped = true;
      document.removeEventListener("visibilitychange", check);
      clearTimeout(this.#answer);
      release();
      this.#role = "follower";
      channel.close();
      this.#channel = null;
    };
  }

  /** Keeps the connection while the tab is in view; the answer ends that. */
  #alone(): () => void {
    let close: (() => void) | null = null;
    const follow = () => {
      if (document.visibilityState === "visible") close ??= this.#lead();
      else {
        close?.();
        close = null;
        this.#missed = true;
      }
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close?.();
    };
  }

  #lead(): () => void {
    this.#role = "leader";
    return openSource(
      typeof this.url === "string" ? this.url : this.url(),
      [...this.names, RESET],
      {
        onEvent: (name, data) => {
          this.#tell({ kind: "event", name, data });
          this.#deliver(name, data);
        },
        onStatus: (status) => {
          this.#tell({ kind: "status", status });
          this.#turn(status);
        },
      },
      this.parts.create,
    );
  }

  #hear(wire: Wire): void {
    if (wire.kind === "ask") {
      if (this.leads) this.#tell({ kind: "status", status: this.#status });
      return;
    }
    clearTimeout(this.#answer);
    if (wire.kind === "event") this.#deliver(wire.name, wire.data);
    else this.#turn(wire.status);
  }

  #tell(wire: Wire): void {
    this.#channel?.postMessage(wire);
  }

  #deliver(name: string, data: unknown): void {
    if (name === RESET) {
      for (const listener of this.#catchers) listener();
      return;
    }
    for (const listener of this.#listeners.get(name) ?? [])
      (listener as (data: unknown) => void)(data);
  }

  #turn(status: StreamStatus): void {
    if (status === this.#status) return;
    if (this.#status === "open") this.#missed = true;
    this.#status = status;
    for (const watcher of this.#watchers) watcher();
    if (status !== "open" || !this.#missed) return;
    this.#missed = false;
    for (const listener of this.#catchers) listener();
  }
}

function browserParts(): StreamParts {
  const channel =
    typeof BroadcastChannel === "undefined"
      ? undefined
      : (name: string) => new BroadcastChannel(name);
  return { locks: navigator.locks, channel };
}
