import addon from "./addon.cjs";
import type { ErrorKind } from "./types.js";

/** A row of the table of kinds. */
export interface ErrorKindInfo {
  readonly kind: ErrorKind;
  /** Four digits, stable for ever. */
  readonly code: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** One sentence. */
  readonly description: string;
}

/** Every kind of error. */
export const ERROR_KINDS: readonly ErrorKindInfo[] = Object.freeze(addon.errorKinds() as ErrorKindInfo[]);

/** Marks an error of this library, whichever copy of these sources made it. */
const MARK = Symbol.for("noodle-deploy.NoodleError");

/** The error of every call. `kind` says what to do about it; `message` names field and value. */
export class NoodleError extends Error {
  /** What went wrong, coarsely enough to act on. */
  readonly kind: ErrorKind;
  /** Four digits, one for each kind. */
  readonly code: number;
  /** The operation that failed, where known. */
  readonly operation: string | undefined;
  /** Names and values: `field`, `value`, `allowed`, `model` and so on. */
  readonly context: Readonly<Record<string, string>>;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** The message without operation and context, as the other languages have it. */
  readonly summary: string;

  /** From a record of the library. */
  constructor(failure: addon.Failure, cause?: unknown) {
    const below = failure.causes.reduceRight<unknown>((cause, text) => new Error(text, { cause }), cause);
    super(failure.text, below === undefined ? undefined : { cause: below });
    this.kind = failure.kind as ErrorKind;
    this.code = failure.code;
    this.operation = failure.operation;
    this.context = failure.context ?? {};
    this.retryable = failure.retryable;
    this.summary = failure.message;
    Object.defineProperty(this, MARK, { value: true });
  }

  /** True for errors of the other module format too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== NoodleError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && MARK in value;
  }

  /** The message with kind and code. */
  override toString(): string {
    return `NoodleError [${this.code} ${this.kind}]: ${this.message}`;
  }
}

Object.defineProperty(NoodleError.prototype, "name", { value: "NoodleError" });

/** The value of an answer; throws the error that it may be. */
export function value<T>(answer: addon.Answer<T>): T {
  if (answer[0] !== null) throw new NoodleError(answer[0]);
  return answer[1] as T;
}

/** An argument that is not allowed, as the library words it. */
export function invalid(field: string, found: unknown, allowed: string): NoodleError {
  const row = ERROR_KINDS.find((row) => row.kind === "invalid_argument") as ErrorKindInfo;
  // Some objects have no text.
  const object = typeof found === "object" && found !== null;
  const context = { field, value: object ? Object.prototype.toString.call(found) : String(found), allowed };
  const message = `${field} is not valid`;
  const text = `${message} (field: ${field}, value: ${context.value}, allowed: ${allowed})`;
  return new NoodleError({ ...row, message, text, context, causes: [] });
}

/** Throws where it is of another type. */
export function checkType(field: string, found: unknown, type: "string" | "number" | "object"): void {
  const allowed = type === "object" ? "an object" : `a ${type}`;
  if (typeof found !== type || found === null) throw invalid(field, found, allowed);
}

/** As `checkType`, where it is there. */
export function checkOptional(field: string, found: unknown, type: "string" | "number"): void {
  if (found !== undefined) checkType(field, found, type);
}

/** Throws where it is there and no signal: the controller in its place is an easy slip. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw invalid("signal", signal, "an AbortSignal");
  }
}
