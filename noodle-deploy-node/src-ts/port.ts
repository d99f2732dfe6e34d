import addon from "./addon.cjs";

// One port for each JavaScript thread: other threads ring with a token, and whoever waits for that token goes on.

const waiting = new Map<number, () => void>();
let last = 0;
let kept = 0;

/** The port of this thread. */
export const port = new addon.Port((token) => {
  const ready = waiting.get(token);
  waiting.delete(token);
  ready?.();
});

/** A fresh token. */
export function newToken(): number {
  do last = (last + 1) >>> 0;
  while (waiting.has(last));
  return last;
}

/** Calls `ready` once the token rings. */
export function wait(token: number, ready: () => void): void {
  waiting.set(token, ready);
}

/** No longer waits for the token. */
export function forget(token: number): void {
  waiting.delete(token);
}

/** Keeps the process alive until as many calls of `release` have come. */
export function keep(): void {
  if (kept++ === 0) port.keep(true);
}

/** Undoes one `keep`. */
export function release(): void {
  if (--kept === 0) port.keep(false);
}
