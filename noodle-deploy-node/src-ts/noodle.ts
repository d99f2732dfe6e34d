import addon from "./addon.cjs";
import { type CallOptions, Operations } from "./client.js";
import { checkOptional, checkSignal, checkType, value } from "./errors.js";
import { Events, type SubscribeOptions } from "./events.js";
import { port } from "./port.js";
import { type Prediction, Reader } from "./prediction.js";
import { heard } from "./progress.js";
import { request } from "./request.js";
import { PredictionStream, Session, type SessionOptions } from "./session.js";
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
  /** What the request is counted under, as a user: while a rollout goes on, all requests of one key go to one revision. */
  key?: string;
  /** What the request says of itself, as a segment or a header: the deployment's rules may send it elsewhere by it. */
  attributes?: Record<string, string>;
  /** Name by which it can be asked for later, and by which labels find it, 1 to 256 bytes; absent: it is not remembered. */
  requestId?: string;
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
    const answered = this.#handle.predictSync(deployment, flatten(inputs), ...said(options));
    return this.#reader.read(answered) as Prediction;
  }

  /**
   * Answers a request on the library's workers. Inputs are copied once, before the call returns.
   *
   * Rejects as `predictSync` throws, and with `overloaded` where the queue is full, `cancelled` where the signal
   * aborts.
   */
  predict(deployment: string, inputs: Inputs, options: PredictAsyncOptions = {}): Promise<Prediction> {
    const submit = (token: number) => {
      checkRequest(deployment, inputs, options);
      return this.#handle.submit(port, token, deployment, flatten(inputs), ...said(options));
    };
    return request(this.#handle, submit, (answered) => this.#reader.read(answered), options.signal);
  }

  /**
   * Begins a session on the revision that serves, on the one of its key while several do, or on the loaded one of a
   * version.
   *
   * Rejects with `not_found`, `unavailable`, `resource_exhausted` where too many are open or they carry too much.
   */
  async session(deployment: string, options: SessionOptions = {}): Promise<Session> {
    checkType("deployment", deployment, "string");
    const { version, key, attributes, requestId } = options;
    checkOptional("version", version, "string");
    checkSaid(options);
    return new Session(value(await this.#handle.session(deployment, version, key, attributes, requestId)));
  }

  /**
   * Answers one request many times, as the deployment's `stream` says: window by window, or step by step. Inputs are
   * copied before the call returns; each answer is made when it is asked for. `timeoutMs` bounds the whole stream.
   */
  predictStream(deployment: string, inputs: Inputs, options: PredictAsyncOptions = {}): PredictionStream {
    checkRequest(deployment, inputs, options);
    checkSignal(options.signal);
    const begun = this.#handle.stream(deployment, flatten(inputs), ...said(options));
    return new PredictionStream(begun, options.signal);
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

function checkRequest(deployment: string, inputs: Inputs, options: PredictOptions): void {
  const { version, timeoutMs, priority } = options;
  checkType("deployment", deployment, "string");
  checkType("inputs", inputs, "object");
  checkOptional("version", version, "string");
  checkOptional("timeoutMs", timeoutMs, "number");
  checkOptional("priority", priority, "number");
  checkSaid(options);
}

/** What a request or a session says of itself. */
function checkSaid({ key, attributes, requestId }: Pick<PredictOptions, "key" | "attributes" | "requestId">): void {
  checkOptional("key", key, "string");
  checkOptional("requestId", requestId, "string");
  if (attributes === undefined) return;
  checkType("attributes", attributes, "object");
  Object.values(attributes).forEach((value) => checkType("attributes", value, "string"));
}

/** In the order in which the addon takes it. */
function said({ version, timeoutMs, priority, key, attributes, requestId }: PredictOptions) {
  return [version, timeoutMs, priority, key, attributes, requestId] as const;
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
