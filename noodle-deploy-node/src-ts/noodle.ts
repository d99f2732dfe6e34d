import addon from "./addon.cjs";
import { type CallOptions, Operations } from "./client.js";
import { NoodleError, checkOptional, checkSignal, checkType, value } from "./errors.js";
import { Events, type SubscribeOptions } from "./events.js";
import { forget, keep, newToken, port, release, wait } from "./port.js";
import { type Prediction, Reader } from "./prediction.js";
import { heard } from "./progress.js";
import { type Inputs, flatten } from "./tensor.js";
import type { BackupReport, Settings } from "./types.js";

/** Who calls, for the authorisation check and the audit log. */
export interface Caller {
  /** The principal; absent: the `actor` of the settings. */
  actor?: string;
  /** What the principal may do; absent: `admin`. */
  role?: "viewer" | "operator" | "deployer" | "admin";
  /** Identifies the call; absent: a fresh UUID. */
  requestId?: string;
}

/** What a request may say besides its inputs. */
export interface PredictOptions {
  /** A version or an alias to pin; absent: the revision that serves. It must be loaded. */
  version?: string;
  /** Milliseconds after which the answer is of no use. */
  timeoutMs?: number;
  /** Level of priority among requests that wait: 1 is the most urgent; absent or 0: the deployment's default. */
  priority?: number;
}

/** What an asynchronous request may say besides its inputs. */
export interface PredictAsyncOptions extends PredictOptions {
  /** Cancels the request: before it starts, or between two nodes of the model. */
  signal?: AbortSignal;
}

/** Operations in the name of a caller. */
class Acting extends Operations {
  readonly #handle: addon.Handle;
  readonly #caller: Caller;

  constructor(handle: addon.Handle, caller: Caller) {
    super();
    this.#handle = handle;
    this.#caller = caller;
  }

  override async call(operation: string, input: unknown = {}, options: CallOptions = {}): Promise<unknown> {
    const { actor, role, requestId } = this.#caller;
    checkType("operation", operation, "string");
    Object.entries({ actor, role, requestId }).forEach(([name, text]) => checkOptional(name, text, "string"));
    return heard(options, (reports) => this.#handle.call(actor, role, requestId, operation, input, reports));
  }
}

/**
 * An open directory. Its methods are the control operations, which run on the thread pool and answer with promises,
 * and `predict`. Opens of one directory in one process share what is loaded, those of worker threads too.
 */
export class Noodle extends Operations implements Disposable, AsyncDisposable {
  readonly #handle: addon.Handle;
  readonly #reader = new Reader();
  readonly #events = new Set<Events>();

  /** Made by `open`. */
  constructor(handle: addon.Handle) {
    super();
    this.#handle = handle;
  }

  /** Where the directory is. */
  get dir(): string {
    return value(this.#handle.dir());
  }

  /** The settings in force, all of them. */
  get settings(): Settings {
    return value(this.#handle.settings()) as Settings;
  }

  override async call(operation: string, input: unknown = {}, options: CallOptions = {}): Promise<unknown> {
    checkType("operation", operation, "string");
    return heard(options, (reports) =>
      this.#handle.call(undefined, undefined, undefined, operation, input, reports),
    );
  }

  /** The same operations in the name of somebody else: what their role does not allow fails with `forbidden`. */
  as(caller: Caller): Operations {
    return new Acting(this.#handle, caller);
  }

  /**
   * Answers a request on this thread with the revision that serves. Typed arrays are read in place.
   *
   * Throws `not_found`, `unavailable`, `invalid_argument`, `engine_failed`, `deadline_exceeded`.
   */
  predictSync(deployment: string, inputs: Inputs, options: PredictOptions = {}): Prediction {
    checkRequest(deployment, inputs, options);
    const { version, timeoutMs, priority } = options;
    const answered = this.#handle.predictSync(deployment, flatten(inputs), version, timeoutMs, priority);
    return this.#reader.read(answered) as Prediction;
  }

  /**
   * Answers a request on the library's workers. Inputs are copied once, before the call returns.
   *
   * Rejects as `predictSync` throws, and with `overloaded` where the queue is full, `cancelled` where the signal
   * aborts.
   */
  predict(deployment: string, inputs: Inputs, options: PredictAsyncOptions = {}): Promise<Prediction> {
    return new Promise((resolve, reject) => {
      const { version, timeoutMs, priority, signal } = options;
      const [handle, reader, token] = [this.#handle, this.#reader, newToken()];
      checkRequest(deployment, inputs, options);
      checkSignal(signal);
      if (signal?.aborted) return reject(cancelled(handle, token, signal));
      const first = reader.read(handle.submit(port, token, deployment, flatten(inputs), version, timeoutMs, priority));
      if (first !== undefined) return resolve(first);
      const abort = () => {
        forget(token);
        release();
        reject(cancelled(handle, token, signal));
      };
      const ready = () => {
        try {
          const prediction = reader.read(handle.take(port, token));
          if (prediction === undefined) return wait(token, ready);
          resolve(prediction);
        } catch (error) {
          reject(error as Error);
        }
        signal?.removeEventListener("abort", abort);
        release();
      };
      wait(token, ready);
      signal?.addEventListener("abort", abort, { once: true });
      keep();
    });
  }

  /** Subscribes to events from now on, to be read with `for await`. Throws `invalid_argument`, `closed`. */
  subscribe(options: SubscribeOptions = {}): Events {
    checkSignal(options.signal);
    const events = new Events(value(this.#handle.subscribe()), options, (events) => this.#events.delete(events));
    this.#events.add(events);
    return events;
  }

  /** Lets the directory go; subscriptions end, requests that run are answered. A second call does nothing. */
  async close(): Promise<void> {
    this.#end();
    value(await this.#handle.close());
  }

  /** As `close`, while the caller waits. */
  closeSync(): void {
    this.#end();
    value(this.#handle.closeSync());
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(): void {
    this.#events.forEach((events) => events.end());
  }
}

function checkRequest(deployment: string, inputs: Inputs, { version, timeoutMs, priority }: PredictOptions): void {
  checkType("deployment", deployment, "string");
  checkType("inputs", inputs, "object");
  checkOptional("version", version, "string");
  checkOptional("timeoutMs", timeoutMs, "number");
  checkOptional("priority", priority, "number");
}

function cancelled(handle: addon.Handle, token: number, signal: AbortSignal | undefined): NoodleError {
  const [failure] = handle.abandon(token);
  return new NoodleError(failure as addon.Failure, signal?.reason);
}

/** Opens a directory, makes it where it is missing, and brings up what should run. */
export async function open(dir: string, settings: Settings = {}): Promise<Noodle> {
  checkType("dir", dir, "string");
  return new Noodle(value(await addon.open(dir, settings)));
}

/** As `open`, while the caller waits. */
export function openSync(dir: string, settings: Settings = {}): Noodle {
  checkType("dir", dir, "string");
  return new Noodle(value(addon.openSync(dir, settings)));
}

/** Copies a backup to a new directory and checks it. */
export async function restore(backup: string, to: string): Promise<BackupReport> {
  checkPaths(backup, to);
  return value(await addon.restore(backup, to)) as BackupReport;
}

/** As `restore`, while the caller waits. */
export function restoreSync(backup: string, to: string): BackupReport {
  checkPaths(backup, to);
  return value(addon.restoreSync(backup, to)) as BackupReport;
}

function checkPaths(backup: string, to: string): void {
  checkType("backup", backup, "string");
  checkType("to", to, "string");
}

/** The version of the library. */
export function version(): string {
  return addon.version();
}
