import type { DType } from "./types.js";

/** The data of a tensor, by element type. Half floats are their bits, bools are bytes of 0 and 1. */
export interface DataOf {
  f16: Uint16Array;
  f32: Float32Array;
  f64: Float64Array;
  i8: Int8Array;
  i16: Int16Array;
  i32: Int32Array;
  i64: BigInt64Array;
  u8: Uint8Array;
  u16: Uint16Array;
  u32: Uint32Array;
  u64: BigUint64Array;
  bool: Uint8Array;
  string: string[];
}

/** Element type, sizes of the axes (outermost first, empty for a scalar), and the elements, row-major. */
export type Tensor = { [D in DType]: { dtype: D; shape: number[]; data: DataOf[D] } }[DType];

/**
 * Data that goes in: a typed array, or a list of strings, or, where speed does not matter, a list of numbers or bools.
 * A `Float16Array` is welcome where the runtime has it.
 */
export type InputData = ArrayBufferView | readonly (string | number | bigint | boolean)[];

/**
 * A tensor that goes in: data alone, or with its shape, its element type, or both.
 *
 * The element type of a typed array follows from its class. Say it where the class stands for two: `f16` in a
 * `Uint16Array`, `bool` in a `Uint8Array`; unsaid, it is the one of the model's signature, as that of a list. Without
 * a shape the signature gives it, where it leaves at most one axis open; else the data is one axis.
 */
export type Input = InputData | { dtype?: DType; shape?: readonly number[]; data: InputData };

/** Inputs by name. */
export type Inputs = Readonly<Record<string, Input>>;

interface HalfFloats {
  readonly Float16Array?: abstract new () => ArrayBufferView & { readonly length: number };
}

const { Float16Array } = globalThis as HalfFloats;

/** Name, element type, shape and data of each input in one flat list, as the add-on takes them. */
export function flatten(inputs: Inputs): unknown[] {
  const flat: unknown[] = [];
  for (const name of Object.keys(inputs)) {
    const input = inputs[name] as Input;
    if (isParts(input)) push(flat, name, input.dtype, input.shape, input.data);
    else push(flat, name, undefined, undefined, input);
  }
  return flat;
}

function isParts(input: Input): input is Exclude<Input, InputData> {
  return typeof input === "object" && input !== null && !ArrayBuffer.isView(input) && "data" in input;
}

function push(
  flat: unknown[],
  name: string,
  dtype: DType | undefined,
  shape: readonly number[] | undefined,
  data: InputData,
): void {
  if (Float16Array !== undefined && data instanceof Float16Array) {
    flat.push(name, dtype ?? "f16", shape, new Uint16Array(data.buffer, data.byteOffset, data.length));
  } else {
    flat.push(name, dtype, shape, data);
  }
}
