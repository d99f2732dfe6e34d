// What the native add-on exports. Every answer is a list: the error, or null and then what the call brings.

import type { ErrorRecord } from "./types.js";

declare namespace addon {
  interface Failure extends ErrorRecord {
    /** The message with operation and context. */
    text: string;
    /** Texts of the errors below, the nearest first. */
    causes: string[];
  }

  type Answer<T> = [null, T] | [Failure];

  /** Null and nothing more: not there yet. Else who answered, and a shape and data for each output. */
  type Answered = [null, ...unknown[]] | [Failure];

  /** What a pull brings; null: nothing yet. */
  type Pulled = null | { event: unknown } | { lagged: number } | { closed: true };

  class Port {
    constructor(ready: (token: number) => void);
    keep(alive: boolean): void;
  }

  class Reports {
    constructor(port: Port, token: number);
    take(): Answer<unknown>;
  }

  class Subscription {
    pull(port: Port, token: number): Answer<Pulled>;
    close(): void;
  }

  class Log {
    take(): Answer<unknown>;
  }

  class Session {
    predictSync(inputs: unknown[], timeoutMs: number | undefined, priority: number | undefined): Answered;
    submit(port: Port, token: number, inputs: unknown[], timeoutMs: number | undefined, priority: number | undefined): Answered;
    take(port: Port, token: number): Answered;
    abandon(token: number): Answer<never>;
    stream(inputs: unknown[], timeoutMs: number | undefined, priority: number | undefined): Promise<Answer<Stream>>;
    reset(): Promise<Answer<null>>;
    served(): Answer<unknown>;
    close(): void;
  }

  class Stream {
    submit(port: Port, token: number): Answered;
    take(port: Port, token: number): Answered;
    abandon(token: number): Answer<never>;
    close(): void;
  }

  class Handle {
    call(
      actor: string | undefined,
      role: string | undefined,
      requestId: string | undefined,
      name: string,
      input: unknown,
      reports?: Reports,
    ): Promise<Answer<unknown>>;
    predictSync(
      deployment: string,
      inputs: unknown[],
      version: string | undefined,
      timeoutMs: number | undefined,
      priority: number | undefined,
      key: string | undefined,
      attributes: Record<string, string> | undefined,
      requestId: string | undefined,
    ): Answered;
    submit(
      port: Port,
      token: number,
      deployment: string,
      inputs: unknown[],
      version: string | undefined,
      timeoutMs: number | undefined,
      priority: number | undefined,
      key: string | undefined,
      attributes: Record<string, string> | undefined,
      requestId: string | undefined,
    ): Answered;
    take(port: Port, token: number): Answered;
    abandon(token: number): Answer<never>;
    session(
      deployment: string,
      version: string | undefined,
      key: string | undefined,
      attributes: Record<string, string> | undefined,
      requestId: string | undefined,
    ): Promise<Answer<Session>>;
    stream(
      deployment: string,
      inputs: unknown[],
      version: string | undefined,
      timeoutMs: number | undefined,
      priority: number | undefined,
      key: string | undefined,
      attributes: Record<string, string> | undefined,
      requestId: string | undefined,
    ): Promise<Answer<Stream>>;
    subscribe(): Answer<Subscription>;
    dir(): Answer<string>;
    settings(): Answer<unknown>;
    close(): Promise<Answer<null>>;
    closeSync(): Answer<null>;
  }

  function version(): string;
  function errorKinds(): unknown;
  function setLog(port: Port, token: number, level: string): Answer<Log>;
  function unsetLog(): void;
  function open(dir: string, settings: unknown): Promise<Answer<Handle>>;
  function openSync(dir: string, settings: unknown): Answer<Handle>;
  function restore(backup: string, to: string): Promise<Answer<unknown>>;
  function restoreSync(backup: string, to: string): Answer<unknown>;
}

export = addon;
