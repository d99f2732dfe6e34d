"use strict";

const assert = require("node:assert");
const path = require("node:path");
const test = require("node:test");

const { models, open, serving, temporary } = require("./support/library.js");

const LINEAR = path.join(models, "linear.onnx");

test("events come as they happen, with what the history has", async (t) => {
  const noodle = await serving(t, LINEAR);
  const events = noodle.subscribe();
  await noodle.scale({ deployment: "m", replicas: 2 });
  const seen = [];
  for await (const item of events) {
    seen.push(item);
    if (item.event.type === "scaled") break;
  }
  const { events: recorded } = await noodle.history({ deployment: "m" });
  assert.deepStrictEqual(seen, recorded.slice(-seen.length));
  assert.deepStrictEqual(await events.next(), { done: true, value: undefined });
});

test("whoever waits is woken", async (t) => {
  const noodle = await serving(t, LINEAR);
  const events = noodle.subscribe({ ref: true });
  const waiting = [events.next(), events.next()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  await noodle.scale({ deployment: "m", replicas: 2 });
  const [first, second] = await Promise.all(waiting);
  assert.deepStrictEqual([first.value.event.type, second.value.event.type], ["scale_requested", "scaled"]);
  await events.return();
});

test("return ends it while somebody waits", async (t) => {
  const noodle = await serving(t, LINEAR);
  const events = noodle.subscribe({ ref: true });
  const waiting = events.next();
  await events.return();
  assert.deepStrictEqual(await waiting, { done: true, value: undefined });
  assert.deepStrictEqual(await events.return(), { done: true, value: undefined });
});

test("a signal ends it", async (t) => {
  const noodle = await serving(t, LINEAR);
  const controller = new AbortController();
  const events = noodle.subscribe({ signal: controller.signal, ref: true });
  setTimeout(() => controller.abort(), 20);
  for await (const item of events) assert.fail(`nothing happens, but ${JSON.stringify(item)} came`);
  const late = noodle.subscribe({ signal: controller.signal });
  assert.strictEqual((await late.next()).done, true);
  for (const signal of [controller, null, 7]) {
    assert.throws(() => noodle.subscribe({ signal }), { kind: "invalid_argument", message: /an AbortSignal/ });
  }
});

test("closing the handle ends it after what has happened", async (t) => {
  const noodle = await serving(t, LINEAR);
  const [behind, waiting] = [noodle.subscribe({ ref: true }), noodle.subscribe({ ref: true })];
  const over = (async () => {
    for await (const item of waiting) assert.ok(item.event);
  })();
  await noodle.scale({ deployment: "m", replicas: 2 });
  await noodle.close();
  await over;
  const types = [];
  for await (const item of behind) types.push(item.event.type);
  assert.deepStrictEqual(types, ["scale_requested", "scaled"]);
});

test("who is too slow is told how much was lost", { timeout: 120_000 }, async (t) => {
  const noodle = await open(path.join(temporary(t), "dir"));
  t.after(() => noodle.close());
  await noodle.registerVersion({ model: "m", path: LINEAR });
  const events = noodle.subscribe();
  // 4,096 events are kept.
  const [kept, more] = [4096, 20];
  const annotate = (i) => noodle.annotateVersion({ model: "m", version: "1.0.0", metrics: { i } });
  for (let i = 0; i < kept + more; i++) await annotate(i);
  assert.deepStrictEqual((await events.next()).value, { lagged: more });
  assert.strictEqual((await events.next()).value.event.metrics.i, more);
  await events.return();
});
