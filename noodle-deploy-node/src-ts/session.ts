import type addon from "./addon.cjs";
import { checkOptional, checkSignal, checkType, value } from "./errors.js";
import { keep, port, release } from "./port.js";
import { type Prediction, Reader, type Served } from "./prediction.js";
import { request } from "./request.js";
import { type Inputs, flatten } from "./tensor.js";

/** What a session may say when it is opened. */
export interface SessionOptions {
  /** A version or an alias to begin on; absent: the revision that serves. It must be loaded. */
  version?: string;
  /**
   * What the session is counted under, as a user: while a rollout or an experiment divides the traffic, it begins on the
   * revision of its key and stays there; absent: by itself.
   */
  key?: string;
  /** What it says of itself: the deployment's rules may begin it elsewhere by it, and segments of an experiment count it. */
  attributes?: Record<string, string>;
  /** Name by which outcomes find the arm that it began on, 1 to 256 bytes; absent: it is not remembered. */
  requestId?: string;
}

/** What a call of a session may say besides its inputs. */
export interface CallOfSessionOptions {
  /** Milliseconds after which the answer is of no use; of a stream, after which the rest is. */
  timeoutMs?: number;
  /** Level of priority among requests that wait: 1 is the most urgent; absent or 0: the deployment's default. */
  priority?: number;
}

/** What an asynchronous call of a session may say besides its inputs. */
export interface AsyncCallOfSessionOptions extends CallOfSessionOptions {
  /** Cancels the call, which then has not happened; of a stream, the rest of it. */
  signal?: AbortSignal;
}

/** @internal Checks what a call says. */
export function checkCall(inputs: Inputs, { timeoutMs, priority, signal }: AsyncCallOfSessionOptions): void {
  checkType("inputs", inputs, "object");
  checkOptional("timeoutMs", timeoutMs, "number");
  checkOptional("priority", priority, "number");
  checkSignal(signal);
}

/**
 * Calls that belong together: each begins with what the one before left. They are answered in the order in which they
 * were made, all by the version that the session began on. It ends when it is closed, when no call comes for long enough,
 * and when its deployment stops.
 */
export class Session implements Disposable {
  /** Who answers. */
  readonly served: Served;
  readonly #session: addon.Session;
  readonly #reader = new Reader();

  /** Made by `Noodle.session`. */
  constructor(session: addon.Session) {
    this.#session = session;
    this.served = Object.freeze(value(session.served()) as Served);
  }

  /** Version of the model that answers. */
  get version(): string {
    return this.served.version;
  }

  /**
   * Answers a call on the library's workers. Inputs are copied before the call returns; those that are carried are not
   * given. A call that fails leaves what is carried as it was.
   */
  async predict(inputs: Inputs, options: AsyncCallOfSessionOptions = {}): Promise<Prediction> {
    checkCall(inputs, options);
    const { timeoutMs, priority, signal } = options;
    const submit = (token: number) => this.#session.submit(port, token, flatten(inputs), timeoutMs, priority);
    return request(this.#session, submit, (answered) => this.#reader.read(answered), signal);
  }

  /** As `predict`, while the caller waits. */
  predictSync(inputs: Inputs, options: CallOfSessionOptions = {}): Prediction {
    checkCall(inputs, options);
    const answered = this.#session.predictSync(flatten(inputs), options.timeoutMs, options.priority);
    return this.#reader.read(answered) as Prediction;
  }

  /**
   * Answers one request many times, as the deployment's `stream` says, beginning with what the call before left. Until
   * it ends or is left, other calls of the session are refused.
   */
  predictStream(inputs: Inputs, options: AsyncCallOfSessionOptions = {}): PredictionStream {
    checkCall(inputs, options);
    return new PredictionStream(this.#session.stream(flatten(inputs), options.timeoutMs, options.priority), options.signal);
  }

  /** Begins anew, with zeros, after the calls before it. */
  async reset(): Promise<void> {
    value(await this.#session.reset());
  }

  /** Ends the session. A second call does nothing. */
  close(): void {
    this.#session.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The answers to one request, for `for await`. Each is made when it is asked for, all by one version; an error is the
 * last thing that comes. Leaving the loop ends the stream.
 */
export class PredictionStream implements AsyncIterableIterator<Prediction>, AsyncDisposable {
  #begun: Promise<addon.Answer<addon.Stream>> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #reader = new Reader();

  /** Made by `predictStream`. */
  constructor(begun: Promise<addon.Answer<addon.Stream>>, signal?: AbortSignal) {
    this.#begun = begun;
    this.#signal = signal;
    keep();
    begun.finally(release).catch(() => undefined);
  }

  /** The next answer. */
  async next(): Promise<IteratorResult<Prediction, undefined>> {
    const begun = this.#begun;
    if (begun === undefined) return { done: true, value: undefined };
    try {
      const stream = value(await begun);
      const submit = (token: number) => stream.submit(port, token);
      const read = (answered: addon.Answered) => {
        const over = answered[0] === null && answered.length === 2;
        return over ? "over" : this.#reader.read(answered);
      };
      const found = await request(stream, submit, read, this.#signal);
      if (found !== "over") return { done: false, value: found };
    } catch (error) {
      await this.return();
      throw error;
    }
    return this.return();
  }

  /** Ends the stream. */
  async return(): Promise<IteratorResult<Prediction, undefined>> {
    const begun = this.#begun;
    this.#begun = undefined;
    const answer = await begun?.catch(() => undefined);
    if (answer?.[0] === null) answer[1].close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
