import type addon from "./addon.cjs";
import { value } from "./errors.js";
import { forget, keep, newToken, port, release, wait } from "./port.js";
import type { EventRecord } from "./types.js";

/** So many events were overwritten before they were pulled; they are in the history. */
export interface Lagged {
  lagged: number;
}

/** How to subscribe. */
export interface SubscribeOptions {
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** Whether waiting for events keeps the process alive. Default false. */
  ref?: boolean;
}

/**
 * Events as they happen, those of other processes too, from the call of `subscribe` on. Bounded: who pulls too slowly
 * gets `{ lagged: n }` and goes on from there. Ends with the handle, with `return()`, or with the signal.
 */
export class Events implements AsyncIterableIterator<EventRecord | Lagged> {
  readonly #subscription: addon.Subscription;
  readonly #token = newToken();
  readonly #signal: AbortSignal | undefined;
  readonly #ref: boolean;
  readonly #over: (events: Events) => void;
  readonly #abort = () => this.#finish();
  /** Pulls come one after another. */
  #last: Promise<unknown> = Promise.resolve();
  #wake: (() => void) | undefined;
  #ending = false;
  #ended = false;

  /** Made by `subscribe`. */
  constructor(subscription: addon.Subscription, options: SubscribeOptions, over: (events: Events) => void) {
    this.#subscription = subscription;
    this.#signal = options.signal;
    this.#ref = options.ref ?? false;
    this.#over = over;
    if (this.#signal?.aborted) this.#finish();
    else this.#signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** The next event. */
  next(): Promise<IteratorResult<EventRecord | Lagged, undefined>> {
    const next = this.#last.then(() => this.#pull());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Ends the iteration. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends the iteration once what has happened is pulled. */
  end(): void {
    this.#ending = true;
    this.#wake?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #pull(): Promise<IteratorResult<EventRecord | Lagged, undefined>> {
    while (!this.#ended) {
      const pulled = value(this.#subscription.pull(port, this.#token));
      if (pulled !== null && "event" in pulled) return { done: false, value: pulled.event as EventRecord };
      if (pulled !== null && "lagged" in pulled) return { done: false, value: pulled };
      if (pulled !== null || this.#ending) this.#finish();
      else await this.#ready();
    }
    return { done: true, value: undefined };
  }

  async #ready(): Promise<void> {
    if (this.#ref) keep();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      wait(this.#token, resolve);
    });
    this.#wake = undefined;
    if (this.#ref) release();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal?.removeEventListener("abort", this.#abort);
    forget(this.#token);
    this.#subscription.close();
    this.#over(this);
    this.#wake?.();
  }
}
