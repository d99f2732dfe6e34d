"use strict";

// Tensors of the conformance cases, whose elements are in lists, and tensors of the library.

const ARRAYS = {
  f32: Float32Array,
  f64: Float64Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  u64: BigUint64Array,
};
const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** A tensor of a case, for the library. */
function toTensor({ dtype, shape, data }) {
  const float = (item) => WORDS[item] ?? Number(item);
  const convert = {
    string: () => data,
    bool: () => Uint8Array.from(data, Number),
    f16: () => Uint16Array.from(data, (item) => toHalf(float(item))),
    i64: () => BigInt64Array.from(data, BigInt),
    u64: () => BigUint64Array.from(data, BigInt),
  }[dtype];
  // What no typed array can hold goes in as it is written.
  const odd = dtype.startsWith("f") && data.some((item) => typeof item === "string" && !(item in WORDS));
  if (odd) return { dtype, shape, data };
  return { dtype, shape, data: convert ? convert() : ARRAYS[dtype].from(data, float) };
}

/** A tensor of the library, as a case has it. */
function fromTensor({ dtype, shape, data }) {
  const word = (value) => {
    if (Number.isNaN(value)) return "nan";
    return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
  };
  const convert = {
    string: (item) => item,
    bool: (item) => item !== 0,
    f16: (item) => word(shortest(fromHalf(item))),
    f32: (item) => word(shortest(item)),
    f64: word,
    i64: big,
    u64: big,
  }[dtype];
  return { dtype, shape, data: Array.from(data, convert ?? ((item) => item)) };
}

/** Cases write integers beyond 53 bits as text, after the reader has quoted them. */
function big(value) {
  return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** The shortest decimal that reads back as the same `f32`. */
function shortest(value) {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** The bits of the nearest half float; ties to even. */
function toHalf(value) {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  if (size === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = size / 2 ** (exponent - 10);
  const even = Math.round(steps) - (steps % 1 === 0.5 && Math.round(steps) % 2 === 1 ? 1 : 0);
  // A mantissa that rounds up to the next power carries into the exponent by itself.
  return sign | (exponent === -14 && even < 1024 ? even : ((exponent + 14) << 10) + even);
}

function fromHalf(bits) {
  const [sign, exponent, mantissa] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}

module.exports = { fromTensor, toTensor };
