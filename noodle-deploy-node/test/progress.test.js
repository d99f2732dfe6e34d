"use strict";

// Reports of long operations.

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const { examples, models, open, serving, temporary } = require("./support/library.js");

const MODEL = path.join(examples, "langid-v2.onnx");
const LINEAR = path.join(models, "linear.onnx");

/** The stages of reports, each checked: none falls, and the last one is all. */
function stages(reports) {
  const names = [...new Set(reports.map(({ stage }) => stage))];
  for (const name of names) {
    const of = reports.filter(({ stage }) => stage === name);
    assert.strictEqual(of[0].done, 0);
    of.reduce((before, now) => (assert.ok(before.done <= now.done && before.unit === now.unit), now));
    assert.strictEqual(of.at(-1).done, of.at(-1).total);
  }
  return names;
}

async function fresh(t) {
  const noodle = await open(path.join(temporary(t), "dir"));
  t.after(() => noodle.close());
  return noodle;
}

test("every report comes before the answer", async (t) => {
  const noodle = await fresh(t);
  const reports = [];
  const progress = (report) => reports.push(report);
  await noodle.registerVersion({ model: "langid", path: MODEL }, { progress });
  assert.deepStrictEqual(stages(reports), ["read", "hash", "store"]);
  assert.ok(reports.every(({ total }) => total === fs.statSync(MODEL).size));
  await noodle.as({ actor: "ann" }).deploy({ deployment: "langid", replicas: 2 }, { progress });
  assert.deepStrictEqual(reports.at(-1), { stage: "verify", done: 1, total: 1, unit: "probes" });
  assert.ok(reports.some(({ stage, done, unit }) => stage === "load" && done === 2 && unit === "replicas"));
  reports.length = 0;
  await noodle.collectGarbage({ progress });
  assert.deepStrictEqual(stages(reports), ["collect"]);
});

test("what the function throws rejects when the operation has ended", async (t) => {
  const noodle = await fresh(t);
  let calls = 0;
  const progress = () => {
    calls++;
    throw new Error("stop");
  };
  await assert.rejects(noodle.registerVersion({ model: "m", path: MODEL }, { progress }), { message: "stop" });
  assert.strictEqual(calls, 1);
  assert.strictEqual((await noodle.getVersion({ model: "m" })).version, "1.0.0");
});

test("an error of the operation goes first", async (t) => {
  const noodle = await serving(t, LINEAR);
  const progress = () => {
    throw new Error("stop");
  };
  const again = { model: "m", version: "1.0.0", path: LINEAR };
  await assert.rejects(noodle.registerVersion(again, { progress }), { kind: "conflict" });
  const wrong = noodle.collectGarbage({ progress: 3 });
  await assert.rejects(wrong, (error) => error.kind === "invalid_argument" && error.context.field === "progress");
});

test("an async function is waited for before the answer, and rejects as another one throws", async (t) => {
  const noodle = await fresh(t);
  const heard = [];
  const slow = async ({ stage }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    heard.push(stage);
  };
  await noodle.registerVersion({ model: "m", path: MODEL }, { progress: slow });
  assert.deepStrictEqual([...new Set(heard)], ["read", "hash", "store"]);
  const stop = async () => {
    throw new Error("stop");
  };
  await assert.rejects(noodle.deploy({ deployment: "m" }, { progress: stop }), { message: "stop" });
  assert.strictEqual((await noodle.getDeployment({ deployment: "m" })).serving, "1.0.0");
  // An error of the operation goes first, and what the function rejects with is no unhandled rejection.
  const again = { model: "m", version: "1.0.0", path: MODEL };
  await assert.rejects(noodle.registerVersion(again, { progress: stop }), { kind: "conflict" });
});
