import { afterEach, describe, expect, it, vi } from "vitest";
import { type SourceLike, waitAfter } from "./event-source";
import { EventStream, type StreamParts } from "./event-stream";

type Events = { "image.created": { id: string } };

/** A browser with its tabs: one lock, one channel, and every connection that was opened. */
class Browser {
  sources: FakeSource[] = [];
  #held: { reject: (reason: Error) => void } | null = null;
  #queue: (() => void)[] = [];
  #channels = new Set<FakeChannel>();

  tab(): EventStream<Events> {
    const parts: StreamParts = {
      create: (url) => {
        const source = new FakeSource(url);
        this.sources.push(source);
        return source;
      },
      channel: () => {
        const channel = new FakeChannel(this.#channels);
        this.#channels.add(channel);
        return channel as unknown as BroadcastChannel;
      },
      locks: { request: this.request as unknown as LockManager["request"] },
    };
    return new EventStream<Events>("/api/events", ["image.created"], parts);
  }

  request = (_name: string, options: LockOptions, hold: () => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const grant = () => {
        const mine = { reject };
        this.#held = mine;
        void hold().then(() => {
          resolve();
          if (this.#held !== mine) return;
          this.#held = null;
          this.#queue.shift()?.();
        });
      };
      if (options.steal) {
        this.#held?.reject(new DOMException("stolen", "AbortError"));
        grant();
      } else if (this.#held) this.#queue.push(grant);
      else grant();
    });

  get open(): FakeSource[] {
    return this.sources.filter((source) => source.readyState !== 2);
  }
}

class FakeSource implements SourceLike {
  readyState = 0;
  #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(readonly url: string) {}
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void) {
    this.#listeners.set(name, listener);
  }
  close() {
    this.readyState = 2;
  }
  say(name: string, data: unknown = {}) {
    if (name === "open") this.readyState = 1;
    this.#listeners.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor(private readonly all: Set<FakeChannel>) {}
  postMessage(data: unknown) {
    for (const other of this.all) if (other !== this) other.onmessage?.({ data });
  }
  close() {
    this.all.delete(this);
  }
}

const settled = () => Promise.resolve().then(() => Promise.resolve());
afterEach(() => void vi.useRealTimers());

describe("the tabs of one browser", () => {
  it("open one connection, and each hears every event", () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    const heard: string[] = [];
    first.on("image.created", ({ id }) => heard.push(`first ${id}`));
    second.on("image.created", ({ id }) => heard.push(`second ${id}`));
    first.start();
    second.start();
    expect(browser.sources).toHaveLength(1);
    expect([first.leads, second.leads]).toEqual([true, false]);
    browser.sources[0]?.say("open");
    browser.sources[0]?.say("image.created", { id: "7" });
    expect(heard.sort()).toEqual(["first 7", "second 7"]);
    expect(second.status).toBe("open");
  });

  it("tell a tab that comes later how the connection is, and it fetches what it missed", () => {
    const browser = new Browser();
    browser.tab().start();
    browser.sources[0]?.say("open");
    const late = browser.tab();
    const caughtUp = vi.fn();
    late.onCatchUp(caughtUp);
    late.start();
    expect(late.status).toBe("open");
    expect(caughtUp).toHaveBeenCalledOnce();
  });

  it("hand the connection on when the leader closes, and fetch afresh then", async () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    const end = first.start();
    second.start();
    const caughtUp = vi.fn();
    second.onCatchUp(caughtUp);
    browser.sources[0]?.say("open");
    expect(caughtUp).toHaveBeenCalledTimes(1);
    end();
    await settled();
    expect(second.leads).toBe(true);
    expect(browser.open).toHaveLength(1);
    browser.open[0]?.say("open");
    expect(caughtUp).toHaveBeenCalledTimes(2);
  });

  it("take the lead from a tab that does not answer", async () => {
    vi.useFakeTimers();
    const browser = new Browser();
    const [frozen, seen] = [browser.tab(), browser.tab()];
    frozen.start();
    seen.start();
    // A frozen tab hears nothing: it answers no question.
    Reflect.set(frozen, "parts", {});
    vi.spyOn(FakeChannel.prototype, "postMessage").mockImplementation(() => {});
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(2_500);
    expect([frozen.leads, seen.leads]).toEqual([false, true]);
    expect(browser.open).toHaveLength(1);
  });
});

describe("a connection", () => {
  it("has each tab to itself where the browser has no locks", () => {
    const sources: FakeSource[] = [];
    const create = (url: string) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    };
    const stream = new EventStream<Events>("/api/events", ["image.created"], { create });
    const end = stream.start();
    expect(sources).toHaveLength(1);
    end();
    expect(sources[0]?.readyState).toBe(2);
  });

  it("is opened again after a refusal, and is called lost only after a while", () => {
    vi.useFakeTimers();
    const browser = new Browser();
    const stream = browser.tab();
    const caughtUp = vi.fn();
    stream.onCatchUp(caughtUp);
    stream.start();
    const [source] = browser.sources;
    source?.say("open");
    expect(caughtUp).toHaveBeenCalledTimes(1);
    source?.close();
    source?.say("error");
    expect(stream.status).toBe("connecting");
    vi.advanceTimersByTime(1_000);
    expect(browser.sources).toHaveLength(2);
    vi.advanceTimersByTime(5_000);
    expect(stream.status).toBe("lost");
    browser.sources[1]?.say("open");
    expect(stream.status).toBe("open");
    expect(caughtUp).toHaveBeenCalledTimes(2);
  });

  it("asks for a fresh state when the server says reset", () => {
    const browser = new Browser();
    const [first, second] = [browser.tab(), browser.tab()];
    const caughtUp = vi.fn();
    second.onCatchUp(caughtUp);
    first.start();
    second.start();
    browser.sources[0]?.say("reset");
    expect(caughtUp).toHaveBeenCalledOnce();
  });

  it("waits longer after each failure, up to half a minute", () => {
    expect([0, 1, 2, 10].map((failures) => waitAfter(failures, 0))).toEqual([
      1000, 2000, 4000, 30_000,
    ]);
    expect(waitAfter(0, 1)).toBe(750);
  });
});
