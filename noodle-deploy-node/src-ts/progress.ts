import addon from "./addon.cjs";
import type { CallOptions } from "./client.js";
import { invalid, value } from "./errors.js";
import { forget, newToken, port, wait } from "./port.js";
import type { Progress } from "./types.js";

/**
 * Waits for a call, and hands its reports on as they come: all of them before the answer. A function that is async is
 * not waited for between two reports, but before the answer, and rejects as another one throws.
 */
export async function heard(
  { progress }: CallOptions,
  call: (reports?: addon.Reports) => Promise<addon.Answer<unknown>>,
): Promise<unknown> {
  if (progress === undefined) return value(await call());
  if (typeof progress !== "function") throw invalid("progress", progress, "a function");
  const token = newToken();
  const reports = new addon.Reports(port, token);
  let failed: { error: unknown } | undefined;
  let told: Promise<unknown> = Promise.resolve();
  const fail = (error: unknown) => {
    failed ??= { error };
  };
  const take = () => {
    for (const report of value(reports.take()) as Progress[]) {
      if (failed !== undefined) return;
      try {
        const returned: unknown = progress(report);
        if (returned instanceof Promise) told = Promise.all([told, returned.catch(fail)]);
      } catch (error) {
        fail(error);
      }
    }
  };
  const ready = () => {
    wait(token, ready);
    take();
  };
  wait(token, ready);
  try {
    const answer = await call(reports);
    take();
    const result = value(answer);
    await told;
    if (failed !== undefined) throw failed.error;
    return result;
  } finally {
    forget(token);
  }
}
