"use strict";

const assert = require("node:assert");
const path = require("node:path");
const test = require("node:test");

const { NoodleError, addon, models, serving } = require("./support/library.js");
const { toTensor } = require("./support/tensors.js");

const model = (name) => path.join(models, name);
const linear = (t) => serving(t, model("linear.onnx"));
const bad = (part) => (error) =>
  error instanceof NoodleError && error.kind === "invalid_argument" && String(error).includes(part);

/** One tensor of each element type. */
function everyDtype(shape) {
  const count = shape.reduce((product, size) => product * size, 1);
  const inputs = {};
  for (const dtype of ["f16", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool", "string"]) {
    const item = (i) => (dtype === "string" ? `t${i} 🍜` : dtype === "bool" ? i % 2 === 1 : i % 100);
    inputs[`${dtype}_in`] = toTensor({ dtype, shape, data: Array.from({ length: count }, (_, i) => item(i)) });
  }
  return inputs;
}

async function ask(noodle, inputs, options) {
  const [now, later] = [noodle.predictSync("m", inputs, options), await noodle.predict("m", inputs, options)];
  assert.deepStrictEqual(now.outputs, later.outputs);
  return now;
}

const SHAPES = { matrices: [3, 5], "no rows": [0, 5], "no columns": [3, 0], large: [200, 300] };
for (const [name, shape] of Object.entries(SHAPES)) {
  test(`each element type comes out as it goes in: ${name}`, async (t) => {
    const noodle = await serving(t, model("every-dtype.onnx"));
    const inputs = everyDtype(shape);
    const { outputs } = await ask(noodle, inputs);
    for (const [name, tensor] of Object.entries(inputs)) {
      const { dtype, shape, data } = outputs[name.replace("_in", "_out")];
      assert.deepStrictEqual({ dtype, shape }, { dtype: tensor.dtype, shape: tensor.shape });
      assert.strictEqual(data.constructor, tensor.data.constructor);
      assert.deepStrictEqual(data, tensor.data);
    }
  });
}

test("scalars have no axes", async (t) => {
  const noodle = await serving(t, model("every-dtype-scalar.onnx"));
  const { outputs, served } = await ask(noodle, everyDtype([]));
  assert.ok(served.signature.inputs.every(({ shape }) => shape.length === 0));
  assert.ok(Object.values(outputs).every(({ shape, data }) => shape.length === 0 && data.length === 1));
});

test("names are any text", async (t) => {
  const noodle = await serving(t, model("unicode-names.onnx"));
  const { outputs } = await ask(noodle, { größe: new Float32Array([1, 2]) });
  assert.deepStrictEqual(Object.keys(outputs), ["結果 🍜"]);
});

test("a typed array may be a part of a buffer", async (t) => {
  const noodle = await linear(t);
  const whole = Float32Array.from([9, 9, 1, 2, 3, 4, 9]);
  const part = whole.subarray(2, 6);
  const alone = new Float32Array([1, 2, 3, 4]);
  const shape = [1, 4];
  const found = await ask(noodle, { x: { shape, data: part } });
  assert.deepStrictEqual(found.outputs, (await ask(noodle, { x: { shape, data: alone } })).outputs);
  const pooled = Buffer.from(alone.buffer);
  const view = new Float32Array(pooled.buffer, pooled.byteOffset, 4);
  assert.deepStrictEqual((await ask(noodle, { x: { shape, data: view } })).outputs, found.outputs);
});

test("a typed array is read where it lies", async (t) => {
  const noodle = await serving(t, model("every-dtype.onnx"));
  const inputs = everyDtype([2, 3]);
  const typed = Object.values(inputs).map(({ data }) => data).filter((data) => ArrayBuffer.isView(data));
  assert.strictEqual(typed.length, 12);
  // A part of a buffer begins within it.
  inputs.f32_in.data = new Float32Array([9, 9, 1, 2, 3, 4, 5, 6]).subarray(2);
  const place = ({ data }) => (ArrayBuffer.isView(data) ? addon.address(data.buffer) + data.byteOffset : null);
  const [, handle] = addon.openSync(noodle.dir, {});
  t.after(() => handle.close());
  const flat = Object.entries(inputs).flatMap(([name, { dtype, shape, data }]) => [name, dtype, shape, data]);
  assert.deepStrictEqual(addon.borrowed(handle, "m", flat), [null, Object.values(inputs).map(place)]);
});

test("what is copied for an asynchronous request may change at once", async (t) => {
  const noodle = await linear(t);
  const x = { shape: [1, 4], data: new Float32Array([1, 2, 3, 4]) };
  const expected = noodle.predictSync("m", { x }).outputs;
  const running = noodle.predict("m", { x });
  x.data.fill(0);
  assert.deepStrictEqual((await running).outputs, expected);
});

test("bare arrays take the shape of the signature where that leaves one axis open", async (t) => {
  const noodle = await linear(t);
  const { outputs } = await ask(noodle, { x: new Float32Array(12) });
  assert.deepStrictEqual(outputs.y.shape, [3, 2]);
  const matrix = await serving(t, model("every-dtype.onnx"));
  const inputs = everyDtype([1, 4]);
  inputs.f32_in = inputs.f32_in.data;
  assert.throws(() => matrix.predictSync("m", inputs), bad("f32_in"));
  assert.throws(() => noodle.predictSync("m", { x: new Float32Array(5) }), bad("x"));
});

test("lists take the element type of the signature", async (t) => {
  const noodle = await linear(t);
  const expected = noodle.predictSync("m", { x: new Float32Array([1, 2, 3, 4]) }).outputs;
  assert.deepStrictEqual((await ask(noodle, { x: [1, 2, 3, 4] })).outputs, expected);
  const x = { dtype: "f32", shape: [1, 4], data: [1, 2, 3, 4] };
  assert.deepStrictEqual((await ask(noodle, { x })).outputs, expected);
  const every = await serving(t, model("every-dtype.onnx"));
  const inputs = everyDtype([1, 2]);
  inputs.u64_in = { shape: [1, 2], data: [1, 2n ** 64n - 1n] };
  inputs.bool_in = { shape: [1, 2], data: [true, false] };
  const { outputs } = await ask(every, inputs);
  assert.deepStrictEqual(outputs.u64_out.data, new BigUint64Array([1n, 2n ** 64n - 1n]));
  assert.deepStrictEqual(outputs.bool_out.data, new Uint8Array([1, 0]));
});

test("element types that share an array follow the signature", async (t) => {
  const noodle = await serving(t, model("every-dtype.onnx"));
  const inputs = everyDtype([2, 2]);
  inputs.bool_in = { shape: [2, 2], data: inputs.bool_in.data };
  inputs.f16_in = { shape: [2, 2], data: inputs.f16_in.data };
  const { outputs } = await ask(noodle, inputs);
  assert.deepStrictEqual([outputs.bool_out.dtype, outputs.f16_out.dtype], ["bool", "f16"]);
});

test("a half-float array is taken where the runtime has it", { skip: !globalThis.Float16Array }, async (t) => {
  const noodle = await serving(t, model("every-dtype.onnx"));
  const inputs = everyDtype([2, 2]);
  const halves = new Float16Array(inputs.f16_in.data.buffer);
  const { outputs } = await ask(noodle, { ...inputs, f16_in: { shape: [2, 2], data: halves } });
  assert.deepStrictEqual(outputs.f16_out.data, inputs.f16_in.data);
});

test("what does not fit is refused by name", async (t) => {
  const noodle = await linear(t);
  const detached = new Float32Array(4);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const shared = new Float32Array(new SharedArrayBuffer(16));
  const data = new Float32Array(4);
  const throwing = { get length() { throw new Error("no"); } };
  for (const [x, part] of [
    [{ shape: [1, 4], data: shared }, "threads share"],
    [{ shape: [1, 4], data: detached }, "detached"],
    [{ shape: [1, 5], data }, "shape"],
    [{ shape: [1, -4], data }, "-4"],
    [{ shape: [1, 1.5], data }, "1.5"],
    [{ shape: [1, "4"], data }, "shape"],
    [{ shape: "4", data }, "shape"],
    [{ shape: throwing, data }, "shape"],
    [{ shape: [2 ** 52, 2 ** 52], data: new Float32Array(0) }, ""],
    [{ dtype: "f64", shape: [1, 4], data }, "f64"],
    [{ dtype: "f99", shape: [1, 4], data }, "f99"],
    [{ dtype: 7, shape: [1, 4], data }, "dtype"],
    [{ shape: [1, 4], data: new Float64Array(4) }, "f64"],
    [{ shape: [1, 4], data: new DataView(new ArrayBuffer(16)) }, "typed array"],
    [{ shape: [1, 4], data: [1, 2, 3, {}] }, "numbers"],
    [{ shape: [1, 4], data: [1, 2, 3, undefined] }, "undefined"],
    [{ shape: [1, 4], data: ["a", "b", "c", "d"] }, "string"],
    [{ dtype: "f32", shape: [1, 4], data: ["a", "b", "c", "d"] }, "index"],
    [undefined, "typed array"],
    [null, "typed array"],
    [7, "typed array"],
  ]) {
    const refused = (error) => error instanceof NoodleError && /^(invalid_argument|too_large)$/.test(error.kind);
    const says = (error) => refused(error) && String(error).includes(part);
    const inputs = { x };
    assert.throws(() => noodle.predictSync("m", inputs), says, part);
    await assert.rejects(noodle.predict("m", inputs), says, part);
  }
  assert.throws(() => noodle.predictSync("m", {}), bad("x"));
  assert.throws(() => noodle.predictSync("m", { x: data, y: data }), bad("y"));
});

test("bools are 0 or 1", async (t) => {
  const noodle = await serving(t, model("every-dtype.onnx"));
  const inputs = everyDtype([1, 2]);
  inputs.bool_in.data[0] = 2;
  assert.throws(() => noodle.predictSync("m", inputs), bad("0 or 1 in a bool tensor"));
});

test("large outputs lie in the engine's memory, and the host may write there", async (t) => {
  const noodle = await linear(t);
  const rows = 50_000;
  const x = { shape: [rows, 4], data: Float32Array.from({ length: rows * 4 }, (_, i) => i % 7) };
  addon.lent();
  const { y } = noodle.predictSync("m", { x }).outputs;
  assert.deepStrictEqual(addon.lent(), [addon.address(y.data.buffer)]);
  const kept = y.data.slice();
  y.data.fill(-1);
  const again = (await noodle.predict("m", { x })).outputs.y;
  assert.deepStrictEqual(addon.lent(), [addon.address(again.data.buffer)]);
  assert.deepStrictEqual(again.data, kept);
});

test("where the host takes no memory of others, large outputs are copied", async (t) => {
  const noodle = await linear(t);
  const rows = 50_000;
  const x = { shape: [rows, 4], data: new Float32Array(rows * 4).fill(2) };
  const lent = noodle.predictSync("m", { x }).outputs.y.data;
  addon.lent();
  addon.refuseExternal(true);
  t.after(() => addon.refuseExternal(false));
  const copied = noodle.predictSync("m", { x }).outputs.y.data;
  assert.deepStrictEqual(addon.lent(), []);
  assert.deepStrictEqual(copied, lent);
});

test("a loop that never yields holds a bounded amount of lent memory", async (t) => {
  const noodle = await linear(t);
  const rows = 1 << 20;
  const x = { shape: [rows, 4], data: new Float32Array(rows * 4) };
  addon.lent();
  for (let i = 0; i < 60; i++) noodle.predictSync("m", { x });
  // 60 answers of 8 MiB each; 32 of them make the 256 MiB that may be lent.
  assert.ok(addon.lent().length <= 32);
});

test("an output is asked for by name", async (t) => {
  const noodle = await linear(t);
  const answer = noodle.predictSync("m", { x: new Float32Array(4) });
  assert.strictEqual(answer.output("y"), answer.outputs.y);
  assert.throws(() => answer.output("z"), bad("y"));
  assert.throws(() => answer.top(1), bad("labels"));
});
