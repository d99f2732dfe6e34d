import type addon from "./addon.cjs";
import { NoodleError, invalid } from "./errors.js";
import type { Tensor } from "./tensor.js";
import type { Signature } from "./types.js";

/** Who answered. */
export interface Served {
  readonly deployment: string;
  /** Number of the revision within the deployment. */
  readonly revision: number;
  readonly model: string;
  readonly version: string;
  /** Names of the classes; empty where the version has none. */
  readonly labels: readonly string[];
  /** Inputs and outputs of the model. */
  readonly signature: Readonly<Signature>;
}

/** A label and its score. */
export type Ranked = [label: string, score: number];

/** The answer to a request: outputs of exactly one version. */
export class Prediction {
  /** Who answered. */
  readonly served: Served;
  readonly #answered: readonly unknown[];
  #outputs: Readonly<Record<string, Tensor>> | undefined;

  /** From an answer of the add-on: null, who answered, and a shape and data for each output. */
  constructor(served: Served, answered: readonly unknown[]) {
    this.served = served;
    this.#answered = answered;
  }

  /** Version of the model that answered. */
  get version(): string {
    return this.served.version;
  }

  /** Tensors by name, in the model's order. Their data is the caller's: nobody else reads or writes it. */
  get outputs(): Readonly<Record<string, Tensor>> {
    if (this.#outputs === undefined) {
      const outputs: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>;
      this.served.signature.outputs.forEach(({ name, dtype }, i) => {
        const [shape, data] = [this.#answered[2 + 2 * i], this.#answered[3 + 2 * i]];
        outputs[name] = { dtype, shape, data } as Tensor;
      });
      this.#outputs = outputs;
    }
    return this.#outputs;
  }

  /** An output by name; throws where there is none of that name. */
  output(name: string): Tensor {
    const tensor = this.outputs[name];
    if (tensor === undefined) throw invalid("output", name, Object.keys(this.outputs).join(", "));
    return tensor;
  }

  /**
   * The `k` best labels of each row of the first `f32` output whose last axis has one entry for each label, best
   * first. Throws where the version has no labels or no such output.
   */
  top(k: number): Ranked[][] {
    const { labels } = this.served;
    const fits = ({ dtype, shape }: Tensor) => dtype === "f32" && shape.at(-1) === labels.length;
    const scores = Object.values(this.outputs).find((tensor) => labels.length > 0 && fits(tensor));
    if (scores === undefined) {
      throw invalid("labels", labels.length, "a version with labels and an f32 output with one score for each");
    }
    const data = scores.data as Float32Array;
    const rows: Ranked[][] = [];
    for (let at = 0; at < data.length; at += labels.length) {
      const row = labels.map((label, i): Ranked => [label, data[at + i] as number]);
      rows.push(row.sort(([, a], [, b]) => order(b, a)).slice(0, k));
    }
    return rows;
  }
}

/** Less than, equal or greater than zero; NaN is above every number. */
function order(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

/** Turns answers of one handle into predictions. Who answered comes once for each revision, then by number. */
export class Reader {
  readonly #served: Served[] = [];

  /** The prediction, or nothing where the answer is not there yet; throws the error that it may be. */
  read(answered: addon.Answered): Prediction | undefined {
    if (answered[0] !== null) throw new NoodleError(answered[0]);
    if (answered.length === 1) return undefined;
    const told = answered[1] as number | { id: number; served: Served };
    if (typeof told === "number") return new Prediction(this.#served[told] as Served, answered);
    this.#served[told.id] = Object.freeze(told.served);
    return new Prediction(told.served, answered);
  }
}
