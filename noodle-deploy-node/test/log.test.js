"use strict";

const assert = require("node:assert");
const { once } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const { Worker } = require("node:worker_threads");

const { NoodleError, addon, models, open, openSync, setLogger, temporary } = require("./support/library.js");

const LINEAR = path.join(models, "linear.onnx");
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
test.afterEach(() => setLogger(null));

/** Whether a record is of a handle's life; when the lease of a directory changes hands is another matter. */
const ours = (message) => !message.includes("lease");

/** Collects what is said. */
function listen(level) {
  const records = [];
  setLogger((record) => ours(record.message) && records.push(record), { level });
  return records;
}

test("what the library says arrives with its fields", async (t) => {
  const records = listen("debug");
  const dir = path.join(temporary(t), "dir");
  const noodle = await open(dir);
  await noodle.registerVersion({ model: "m", path: LINEAR });
  await noodle.deploy({ deployment: "m" });
  await noodle.close();
  await turn();
  assert.deepStrictEqual(records.map(({ message }) => message), ["opened", "revision is up", "closed"]);
  const [opened, up] = records;
  const target = "noodle_deploy_core::reconcile";
  const directory = fs.realpathSync(dir);
  const fields = { directory, read_only: "false" };
  assert.deepStrictEqual(opened, { level: "debug", target, message: "opened", fields });
  assert.strictEqual(up.level, "info");
  assert.deepStrictEqual([up.fields.deployment, up.fields.revision, up.fields.version], ["m", "1", "1.0.0"]);
});

test("without a level it gets what changed and what is worse", async () => {
  const records = [];
  setLogger((record) => records.push(record.level));
  for (const level of ["trace", "debug", "info", "warn", "error"]) addon.say(level, 1);
  await turn();
  assert.deepStrictEqual(records, ["info", "warn", "error"]);
  const none = listen("off");
  addon.say("error", 1);
  await turn();
  assert.deepStrictEqual(none, []);
});

test("another logger takes its place, null removes it, and what was said before is told before", async () => {
  const first = listen("warn");
  addon.say("warn", 2);
  const second = listen("trace");
  addon.say("trace", 1);
  setLogger(null);
  addon.say("error", 1);
  await turn();
  assert.deepStrictEqual([first.length, second.length], [2, 1]);
  setLogger(null);
});

test("it may be replaced from inside", async () => {
  const [first, second] = [[], []];
  setLogger((record) => {
    first.push(record);
    setLogger((record) => second.push(record));
  });
  addon.say("info", 1);
  await turn();
  addon.say("info", 1);
  await turn();
  assert.deepStrictEqual([first.length, second.length], [1, 1]);
});

test("too many at once are dropped, counted and told", async () => {
  const records = listen("info");
  addon.say("info", 1500);
  await turn();
  assert.strictEqual(records.length, 1025);
  assert.deepStrictEqual(records.slice(0, 1024).map(({ fields }) => Number(fields.i)), [...Array(1024).keys()]);
  const { level, message, fields } = records[1024];
  assert.deepStrictEqual([level, fields], ["warn", { dropped: "476" }]);
  assert.match(message, /dropped/);
  addon.say("info", 1);
  await turn();
  assert.strictEqual(records.length, 1026);
});

test("bad arguments are refused by name, and the logger before stays", async () => {
  const records = listen("info");
  const refused = (field, value, allowed) => (error) => {
    const { kind, context } = error;
    assert.ok(error instanceof NoodleError && kind === "invalid_argument");
    assert.deepStrictEqual([context.field, context.value], [field, value]);
    return context.allowed.includes(allowed);
  };
  assert.throws(() => setLogger("console"), refused("logger", "console", "a function"));
  assert.throws(() => setLogger(undefined), refused("logger", "undefined", "null"));
  for (const level of ["loud", "INFO", 7, null]) {
    assert.throws(() => setLogger(() => {}, { level }), refused("level", String(level), "off, error, warn, info"));
  }
  addon.say("info", 1);
  await turn();
  assert.strictEqual(records.length, 1);
});

test("the process has one logger, which ends with the thread that set it", async (t) => {
  const records = listen("debug");
  const workerData = { dir: "", models, how: "log" };
  const worker = new Worker(path.join(__dirname, "support", "thread.mjs"), { workerData });
  t.after(() => worker.terminate());
  const messages = [];
  worker.on("message", (message) => ours(message) && messages.push(message));
  await once(worker, "message");
  openSync(path.join(temporary(t), "dir")).closeSync();
  while (messages.length < 3) await turn();
  assert.deepStrictEqual([records, messages], [[], ["set", "opened", "closed"]]);
  await worker.terminate();
  addon.say("error", 1);
  const again = listen("info");
  addon.say("info", 1);
  await turn();
  assert.deepStrictEqual([again.length, messages.length], [1, 3]);
});

test("a logger gets what other threads do, and both module formats share it", async (t) => {
  const esm = await import("noodle-deploy");
  const records = [];
  esm.setLogger(({ message }) => ours(message) && records.push(message), { level: "debug" });
  const code = `
    const { openSync } = require("noodle-deploy");
    openSync(require("node:worker_threads").workerData).closeSync();`;
  const worker = new Worker(code, { eval: true, workerData: path.join(temporary(t), "dir") });
  assert.deepStrictEqual(await once(worker, "exit"), [0]);
  await turn();
  assert.deepStrictEqual(records, ["opened", "closed"]);
  setLogger(null);
  addon.say("error", 1);
  await turn();
  assert.strictEqual(records.length, 2);
});
