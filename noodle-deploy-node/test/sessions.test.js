"use strict";

const assert = require("node:assert");
const path = require("node:path");
const test = require("node:test");

const { NoodleError, PredictionStream, models, open, temporary } = require("./support/library.js");

const kind = (kind) => (error) => error instanceof NoodleError && error.kind === kind;
const row = (value) => ({ x: { shape: [1, 4], data: new Float32Array(4).fill(value) } });
const first = (answer) => answer.output("h_next").data[0];

/** A model that sums up, with its state and windows of two behind two more. */
async function recurrent(t) {
  const noodle = await open(path.join(temporary(t), "dir"));
  t.after(() => noodle.close());
  await noodle.registerVersion({ model: "m", path: path.join(models, "recurrent.onnx"), version: "1.0.0" });
  await noodle.deploy({
    deployment: "m",
    state: { carried: [{ output: "h_next", input: "h", shape: [1, 4] }] },
    stream: { type: "windows", input: "x", axis: 1, length: 2, hop: 2, context: 2 },
  });
  const sessions = async () => (await noodle.getMetrics({ deployment: "m" })).deployments.m[0].sessions.open;
  return { noodle, sessions };
}

test("a session begins with what the call before left", async (t) => {
  const { noodle, sessions } = await recurrent(t);
  const session = await noodle.session("m");
  assert.deepStrictEqual([session.version, session.served.revision], ["1.0.0", 1]);
  // In the order in which they were made.
  const answers = await Promise.all(Array.from({ length: 20 }, () => session.predict(row(1))));
  assert.deepStrictEqual(answers.map(first), Array.from({ length: 20 }, (_, i) => i + 1));
  assert.strictEqual(first(session.predictSync(row(1))), 21);
  await session.reset();
  assert.strictEqual(first(await session.predict({ x: [1, 1, 1, 1] })), 1);
  await assert.rejects(session.predict({ ...row(1), h: row(1).x }), kind("invalid_argument"));
  assert.throws(() => session.predictSync({ z: row(1).x }), kind("invalid_argument"));
  assert.strictEqual(await sessions(), 1);
  session.close();
  session.close();
  await assert.rejects(session.predict(row(1)), kind("closed"));
  assert.strictEqual(await sessions(), 0);
  await assert.rejects(noodle.session("nobody"), kind("not_found"));
  await assert.rejects(noodle.session("m", { version: 1 }), kind("invalid_argument"));
});

test("a stream is read with for await", async (t) => {
  const { noodle, sessions } = await recurrent(t);
  const x = { shape: [1, 5], data: new Float32Array([1, 2, 3, 4, 5]) };
  const stream = noodle.predictStream("m", { x });
  // The inputs are the stream's own.
  x.data.fill(0);
  const found = [];
  for await (const answer of stream) found.push([...answer.output("h_next").data]);
  assert.deepStrictEqual(found, [[0, 0, 1, 2], [1, 2, 4, 6], [4, 6, 9, 6]]);
  assert.deepStrictEqual(await stream.next(), { done: true, value: undefined });
  assert.ok(stream instanceof PredictionStream);
  // Leaving the loop ends it.
  let read = 0;
  for await (const _ of noodle.predictStream("m", { x: { shape: [1, 4000], data: new Float32Array(4000) } })) {
    if (++read === 3) break;
  }
  assert.strictEqual(await sessions(), 0);
  const rejected = noodle.predictStream("nobody", { x });
  await assert.rejects(rejected.next(), kind("not_found"));
  assert.deepStrictEqual(await rejected.next(), { done: true, value: undefined });
});

test("a stream is cancelled by its signal", async (t) => {
  const { noodle, sessions } = await recurrent(t);
  const abort = new AbortController();
  const x = { shape: [1, 4000], data: new Float32Array(4000) };
  const stream = noodle.predictStream("m", { x }, { signal: abort.signal });
  await stream.next();
  abort.abort();
  await assert.rejects(stream.next(), kind("cancelled"));
  assert.deepStrictEqual(await stream.next(), { done: true, value: undefined });
  assert.strictEqual(await sessions(), 0);
  const late = noodle.predictStream("m", { x }, { timeoutMs: 0 });
  await assert.rejects(late.next(), kind("deadline_exceeded"));
});

test("a stream of a session goes on with its state", async (t) => {
  const { noodle } = await recurrent(t);
  const session = await noodle.session("m", { version: "1.0.0" });
  await session.predict(row(1));
  const stream = session.predictStream({ x: { shape: [1, 4], data: new Float32Array(4).fill(1) } });
  assert.deepStrictEqual([...(await stream.next()).value.output("h_next").data], [1, 1, 2, 2]);
  await assert.rejects(session.predict(row(1)), kind("conflict"));
  await stream.return();
  assert.deepStrictEqual([...(await session.predict(row(0))).output("h_next").data], [1, 1, 2, 2]);
  await noodle.undeploy({ deployment: "m" });
  await assert.rejects(session.predict(row(1)), kind("unavailable"));
});

test("calls and streams have a level of priority", async (t) => {
  const { noodle } = await recurrent(t);
  const session = await noodle.session("m");
  assert.strictEqual(first(await session.predict(row(1), { priority: 1 })), 1);
  assert.strictEqual(first(session.predictSync(row(1), { priority: 3 })), 2);
  const x = { x: { shape: [1, 2], data: new Float32Array(2) } };
  for (const priority of [4, -1, 1.5]) {
    const refused = (error) => kind("invalid_argument")(error) && error.context.field === "priority";
    assert.throws(() => session.predictSync(row(1), { priority }), refused);
    await assert.rejects(session.predict(row(1), { priority }), refused);
    await assert.rejects(session.predictStream(x, { priority }).next(), refused);
    await assert.rejects(noodle.predictStream("m", x, { priority }).next(), refused);
  }
});
