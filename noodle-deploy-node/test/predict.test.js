"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const { NoodleError, examples, models, open, serving, temporary } = require("./support/library.js");

const LINEAR = path.join(models, "linear.onnx");
const kind = (kind) => (error) => error instanceof NoodleError && error.kind === kind;

/** A model that takes its time: the larger language model, on so many files. */
async function slow(t, settings) {
  const noodle = await serving(t, path.join(examples, "langid-v2.onnx"), { allow_unverified: true, ...settings });
  const ask = (rows, options) => {
    return noodle.predict("m", { bytes: { shape: [rows, 8192], data: new Int32Array(rows * 8192).fill(32) } }, options);
  };
  return { noodle, ask };
}

test("an answer says who gave it", async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = { shape: [2, 4], data: new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]) };
  const { served, version } = await noodle.predict("m", { x });
  assert.deepStrictEqual([served.deployment, served.revision, served.model, version], ["m", 1, "m", "1.0.0"]);
  assert.deepStrictEqual(served.labels, []);
  assert.deepStrictEqual(served.signature.inputs, [{ name: "x", dtype: "f32", shape: ["batch", "4"] }]);
  assert.strictEqual(noodle.predictSync("m", { x }).served, served);
});

test("a pinned version answers while another one serves", async (t) => {
  const noodle = await serving(t, LINEAR);
  await noodle.registerVersion({ model: "m", path: LINEAR, version: "2.0.0" });
  await noodle.setAlias({ model: "m", alias: "next", version: "2.0.0" });
  await noodle.deploy({ deployment: "m", version: "next", strategy: "blue_green" });
  const x = new Float32Array(4);
  for (const [options, version, revision] of [
    [undefined, "1.0.0", 1],
    [{ version: "next" }, "2.0.0", 2],
    [{ version: "1.0.0" }, "1.0.0", 1],
  ]) {
    const { served } = await noodle.predict("m", { x }, options);
    assert.deepStrictEqual([served.version, served.revision], [version, revision]);
    assert.strictEqual(noodle.predictSync("m", { x }, options).served, served);
  }
  await assert.rejects(noodle.predict("m", { x }, { version: "3.0.0" }), NoodleError);
});

test("asynchronous requests gather beyond the workers, and say how urgent they are", async (t) => {
  const noodle = await serving(t, LINEAR, { workers: 2 });
  // Whoever is short of 32 waits for ten seconds.
  const batching = { max_batch_size: 32, adaptive: false, max_delay_us: 10_000_000 };
  await noodle.deploy({ deployment: "m", batching });
  const x = new Float32Array(4);
  const begun = Date.now();
  await Promise.all(Array.from({ length: 64 }, (_, i) => noodle.predict("m", { x }, { priority: (i % 3) + 1 })));
  assert.ok(Date.now() - begun < 8_000);
  const { replicas } = await noodle.getDeployment({ deployment: "m" });
  const [status] = Object.values(replicas).flatMap(({ batching }) => batching ?? []);
  assert.deepStrictEqual([status.batches, status.rows], ["2", "64"]);
  for (const priority of [4, 1.5, -1, NaN, 2 ** 40, "1"]) {
    const refused = (error) => kind("invalid_argument")(error) && error.context.field === "priority";
    await assert.rejects(noodle.predict("m", { x }, { priority }), refused);
    assert.throws(() => noodle.predictSync("m", { x }, { priority }), refused);
  }
});

test("rows are ranked by label", async (t) => {
  const noodle = await serving(t, path.join(examples, "langid-v1.onnx"), { allow_unverified: true });
  const bytes = new Int32Array(2 * 8192).fill(256);
  ["hello.rs", "hello.py"].forEach((name, row) => {
    bytes.set(fs.readFileSync(path.join(examples, "samples", name)), row * 8192);
  });
  const answer = noodle.predictSync("m", { bytes: { shape: [2, 8192], data: bytes } });
  const [rust, python] = answer.top(3);
  assert.deepStrictEqual([rust[0][0], python[0][0]], ["rust", "python"]);
  assert.ok(rust.length === 3 && rust[0][1] >= rust[1][1] && rust[1][1] >= rust[2][1]);
});

test("a deadline that passed is an error, and so is a bad one", async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = new Float32Array(4);
  assert.throws(() => noodle.predictSync("m", { x }, { timeoutMs: 0 }), kind("deadline_exceeded"));
  await assert.rejects(noodle.predict("m", { x }, { timeoutMs: 0 }), kind("deadline_exceeded"));
  assert.strictEqual((await noodle.predict("m", { x }, { timeoutMs: 60_000 })).version, "1.0.0");
  for (const timeoutMs of [-1, NaN, Infinity]) {
    await assert.rejects(noodle.predict("m", { x }, { timeoutMs }), kind("invalid_argument"));
  }
  assert.throws(() => noodle.predictSync("nobody", { x }), kind("not_found"));
});

test("a signal cancels before the start and in the middle", async (t) => {
  const { ask } = await slow(t);
  const aborted = AbortSignal.abort(new Error("too late"));
  await assert.rejects(ask(1, { signal: aborted }), (error) => {
    return kind("cancelled")(error) && error.cause.message === "too late";
  });
  const controller = new AbortController();
  // The controller itself, in place of its signal, is an easy slip.
  await assert.rejects(ask(1, { signal: controller }), kind("invalid_argument"));
  const running = ask(32, { signal: controller.signal });
  setTimeout(() => controller.abort(), 1);
  await assert.rejects(running, kind("cancelled"));
  // The worker is free again.
  assert.strictEqual((await ask(1)).version, "1.0.0");
});

test("a full queue refuses", async (t) => {
  const { ask } = await slow(t, { workers: 1, max_queue: 1 });
  const settled = await Promise.allSettled([ask(8), ask(1), ask(1), ask(1), ask(1)]);
  const refused = settled.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
  assert.ok(refused.length > 0 && refused.every((error) => error.kind === "overloaded" && error.retryable));
  assert.strictEqual(settled[0].status, "fulfilled");
});

test("many requests at once are all answered, each with its own answer", async (t) => {
  const noodle = await serving(t, LINEAR);
  const ask = async (i) => {
    const { y } = (await noodle.predict("m", { x: new Float32Array([i, 0, 0, 0]) })).outputs;
    return y.data[0];
  };
  const [zero, one] = [await ask(0), await ask(1)];
  const found = await Promise.all(Array.from({ length: 500 }, (_, i) => ask(i)));
  found.forEach((value, i) => assert.ok(Math.abs(value - (zero + i * (one - zero))) < 1e-2, `${i}: ${value}`));
});

test("a deployment that does not serve is unavailable", async (t) => {
  const noodle = await open(path.join(temporary(t), "dir"));
  t.after(() => noodle.close());
  await noodle.registerVersion({ model: "m", path: LINEAR });
  await noodle.deploy({ deployment: "m" });
  await noodle.undeploy({ deployment: "m" });
  assert.throws(() => noodle.predictSync("m", { x: new Float32Array(4) }), kind("unavailable"));
});
