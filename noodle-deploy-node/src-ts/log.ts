import addon from "./addon.cjs";
import { invalid, value } from "./errors.js";
import { forget, newToken, port, wait } from "./port.js";

/** How severe a message is, the most severe first; `off` asks for none. */
export type LogLevel = "off" | "error" | "warn" | "info" | "debug" | "trace";

/** What the library says. */
export interface LogRecord {
  readonly level: Exclude<LogLevel, "off">;
  /** Where it comes from, as a path of the library's modules. */
  readonly target: string;
  /** What happened. */
  readonly message: string;
  /** Names and values. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a logger is told. */
export interface LoggerOptions {
  /** The least severe messages that it gets. Default `info`. */
  level?: LogLevel;
}

type Logger = (record: LogRecord) => void;

let end: (() => void) | undefined;

/**
 * Hands what the library says to `logger`, which is called on this thread. The process has one logger: this one takes
 * the place of the one before, whichever thread set that; null removes it. It ends with its thread, and does not keep
 * the process alive.
 *
 * 1,024 records wait for it at most; then further ones are dropped, and a record says how many. What it throws is an
 * uncaught exception.
 *
 * Throws `invalid_argument`.
 */
export function setLogger(logger: Logger | null, { level = "info" }: LoggerOptions = {}): void {
  if (logger !== null && typeof logger !== "function") throw invalid("logger", logger, "a function, or null");
  const begun = logger === null ? undefined : begin(logger, String(level));
  end?.();
  end = begun;
  if (begun === undefined) addon.unsetLog();
}

/** Sets the logger, and returns what ends it. */
function begin(logger: Logger, level: string): () => void {
  const token = newToken();
  const log = value(addon.setLog(port, token, level));
  const drain = (failed: (error: unknown) => void) => {
    for (const record of value(log.take()) as LogRecord[]) {
      try {
        logger(record);
      } catch (error) {
        failed(error);
      }
    }
  };
  // The other records still come.
  const later = (error: unknown) => queueMicrotask(() => raise(error));
  const ready = () => {
    wait(token, ready);
    drain(later);
  };
  wait(token, ready);
  // What was said last is told too. Nothing comes later then.
  const exit = () => drain(raise);
  process.on("exit", exit);
  return () => {
    forget(token);
    process.off("exit", exit);
    drain(later);
  };
}

function raise(error: unknown): never {
  throw error;
}
