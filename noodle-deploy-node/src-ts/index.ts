/**
 * Deploy, version, route and roll back AI models inside the process.
 *
 * Operations are methods in camel case; the fields of what goes in and comes out have their names on the wire, in
 * snake case.
 *
 * @packageDocumentation
 */

export { type CallOptions, Operations } from "./client.js";
export { ERROR_KINDS, type ErrorKindInfo, NoodleError } from "./errors.js";
export { Events, type Lagged, type SubscribeOptions } from "./events.js";
export { type LogLevel, type LogRecord, type LoggerOptions, setLogger } from "./log.js";
export {
  type Caller,
  Noodle,
  type PredictAsyncOptions,
  type PredictOptions,
  open,
  openSync,
  restore,
  restoreSync,
  version,
} from "./noodle.js";
export { Prediction, type Ranked, type Served } from "./prediction.js";
export {
  type AsyncCallOfSessionOptions,
  type CallOfSessionOptions,
  PredictionStream,
  Session,
  type SessionOptions,
} from "./session.js";
export type { DataOf, Input, InputData, Inputs, Tensor } from "./tensor.js";
export type * from "./types.js";
