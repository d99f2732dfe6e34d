import type addon from "./addon.cjs";
import { NoodleError, checkSignal } from "./errors.js";
import { forget, keep, newToken, port, release, wait } from "./port.js";

/** What requests are asked of: a handle, a session, a stream. */
interface Asked {
  take(port: addon.Port, token: number): addon.Answered;
  abandon(token: number): addon.Answer<never>;
}

/**
 * Submits a request and waits for what comes of it. `read` turns an answer into what the caller hears; undefined: it is
 * not there yet.
 */
export function request<T>(
  asked: Asked,
  submit: (token: number) => addon.Answered,
  read: (answered: addon.Answered) => T | undefined,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const token = newToken();
    checkSignal(signal);
    if (signal?.aborted) return reject(cancelled(asked, token, signal));
    const first = read(submit(token));
    if (first !== undefined) return resolve(first);
    const abort = () => {
      forget(token);
      release();
      reject(cancelled(asked, token, signal));
    };
    const ready = () => {
      try {
        const found = read(asked.take(port, token));
        if (found === undefined) return wait(token, ready);
        resolve(found);
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

function cancelled(asked: Asked, token: number, signal: AbortSignal | undefined): NoodleError {
  const [failure] = asked.abandon(token);
  return new NoodleError(failure as addon.Failure, signal?.reason);
}
