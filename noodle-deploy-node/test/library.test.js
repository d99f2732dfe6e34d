"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const library = require("./support/library.js");
const { ERROR_KINDS, Noodle, NoodleError, addon, models, serving, temporary } = library;
const manifest = require("../package.json");

const LINEAR = path.join(models, "linear.onnx");
const kind = (kind) => (error) => error instanceof NoodleError && error.kind === kind;

test("version is that of the package", () => {
  assert.strictEqual(library.version(), manifest.version);
});

test("what was deployed serves again after the directory is opened again", async (t) => {
  const dir = path.join(temporary(t), "dir");
  const first = library.openSync(dir);
  await first.registerVersion({ model: "m", path: LINEAR });
  const view = await first.deploy({ deployment: "m" });
  assert.strictEqual(view.serving, "1.0.0");
  first.closeSync();
  const second = await library.open(dir);
  t.after(() => second.close());
  const answer = second.predictSync("m", { x: { shape: [1, 4], data: new Float32Array(4) } });
  assert.strictEqual(answer.version, "1.0.0");
  assert.strictEqual(second.dir, fs.realpathSync(dir));
});

test("the table of errors is complete, and an error carries its row", async (t) => {
  assert.ok(ERROR_KINDS.length > 20);
  assert.strictEqual(new Set(ERROR_KINDS.map((row) => row.code)).size, ERROR_KINDS.length);
  const noodle = await library.open(temporary(t));
  t.after(() => noodle.close());
  await assert.rejects(noodle.deploy({ deployment: "nobody" }), (error) => {
    const row = ERROR_KINDS.find((row) => row.kind === error.kind);
    assert.deepStrictEqual([error.code, error.retryable], [row.code, row.retryable]);
    assert.strictEqual(error.kind, "not_found");
    assert.strictEqual(error.operation, "deploy");
    assert.strictEqual(error.context.model, "nobody");
    assert.strictEqual(error.name, "NoodleError");
    assert.strictEqual(error.message, `deploy: ${error.summary} (model: nobody)`);
    assert.strictEqual(String(error), `NoodleError [4004 not_found]: ${error.message}`);
    assert.ok(error instanceof Error && error instanceof NoodleError);
    assert.ok(error.stack.startsWith(`NoodleError: ${error.message}\n`), error.stack);
    assert.match(error.stack, /library\.test\.js/);
    return true;
  });
});

test("the message of an error names field, value and what is allowed", async (t) => {
  const noodle = await serving(t, LINEAR);
  const says = "scale: replicas is not valid (field: replicas, value: 0, allowed: 1 to 1024)";
  await assert.rejects(noodle.scale({ deployment: "m", replicas: 0 }), { name: "NoodleError", message: says });
  // The words of this package, which has no operation to name.
  const answer = noodle.predictSync("m", { x: new Float32Array(4) });
  const summary = "output is not valid";
  assert.throws(() => answer.output("z"), { summary, message: `${summary} (field: output, value: z, allowed: y)` });
});

test("both module formats know each other's errors", async (t) => {
  const esm = await import("noodle-deploy");
  assert.notStrictEqual(esm.NoodleError, NoodleError);
  assert.strictEqual(esm.version(), library.version());
  const noodle = await esm.open(temporary(t));
  t.after(() => noodle.close());
  await assert.rejects(noodle.getDeployment({ deployment: "nobody" }), NoodleError);
  assert.ok(!(new Error("other") instanceof NoodleError));
  assert.ok(!(null instanceof NoodleError));
});

test("settings may be partial, and bad ones are refused with their names", async (t) => {
  const dir = temporary(t);
  const noodle = await library.open(dir, { actor: "ann", memory_budget_bytes: 3 * 2 ** 32, max_deployments: null });
  const { settings } = noodle;
  assert.deepStrictEqual([settings.actor, settings.memory_budget_bytes], ["ann", 3 * 2 ** 32]);
  assert.strictEqual(settings.heartbeat_ms, 1000);
  await assert.rejects(library.open(dir), kind("conflict"));
  await noodle.close();
  for (const [settings, field] of [
    [{ nonsense: 1 }, "nonsense"],
    [{ workers: "many" }, "workers"],
    [{ workers: 1.5 }, "workers"],
    [{ max_replicas: 0 }, "max_replicas"],
    [{ actor: Symbol("x") }, "actor"],
    [{ heartbeat_ms: NaN }, "heartbeat_ms"],
    [7, "settings"],
  ]) {
    const named = (error) => kind("invalid_argument")(error) && error.context.field === field;
    await assert.rejects(library.open(dir, settings), named, field);
    assert.throws(() => library.openSync(dir, settings), named, field);
  }
  await assert.rejects(library.open(dir, { enabled: false }), kind("forbidden"));
});

test("inputs are read as they are", async (t) => {
  const noodle = await library.open(temporary(t));
  t.after(() => noodle.close());
  const [tags, metrics] = [{ "größe": "🍜" }, { big: 2 ** 60 }];
  const version = await noodle.registerVersion({ model: "m", path: LINEAR, version: undefined, tags, metrics });
  assert.deepStrictEqual(version.tags, { "größe": "🍜" });
  assert.strictEqual(version.metrics.big, 2 ** 60);
  const circle = { model: "m" };
  circle.tags = { circle };
  const throwing = { get model() { throw new RangeError("no model here"); } };
  const deep = { model: "m", path: {} };
  for (let i = 0, at = deep.path; i < 100; i++) at = at.a = {};
  for (const [input, part] of [
    [circle, "levels"],
    [deep, "levels"],
    [throwing, "no model here"],
    [{ model: () => 1 }, "a function"],
    [{ model: [undefined] }, "undefined"],
    [{ model: 2n ** 70n }, "64 bits"],
  ]) {
    const refused = (error) => kind("invalid_argument")(error) && JSON.stringify(error.context).includes(part);
    await assert.rejects(noodle.registerVersion(input), refused, part);
  }
  const tag = { model: "m", path: LINEAR, tags: { of: 2n ** 70n } };
  await assert.rejects(noodle.registerVersion(tag), (error) => {
    assert.deepStrictEqual([error.operation, error.context.field], ["register_version", "tags/of"]);
    return kind("invalid_argument")(error);
  });
  await assert.rejects(noodle.call("no_such_operation"), kind("not_found"));
});

test("paths that are none are refused by name", async (t) => {
  const noodle = await library.open(temporary(t));
  t.after(() => noodle.close());
  for (const [field, work] of [
    ["dir", () => library.open("")],
    ["dir", () => library.open("a\0b")],
    ["dir", () => library.open(LINEAR)],
    ["backup", () => library.restore("", "to")],
    ["to", () => noodle.backup({ to: "a\0b" })],
    ["to", () => noodle.backup({ to: path.join(noodle.dir, "copy") })],
    ["path", () => noodle.registerVersion({ model: "m", path: "" })],
    ["probes_path", () => noodle.registerVersion({ model: "m", path: LINEAR, probes_path: "a\0b" })],
  ]) {
    await assert.rejects(work, (error) => kind("invalid_argument")(error) && error.context.field === field, field);
  }
});

test("arguments of another type are refused by name", async (t) => {
  const noodle = await serving(t, LINEAR);
  const inputs = { x: new Float32Array(4) };
  const asking = (...args) => () => noodle.predict(...args);
  for (const [field, value, work] of [
    ["dir", "7", () => library.open(7)],
    ["dir", "[object Object]", () => library.open(Object.create(null))],
    ["backup", "undefined", () => library.restore()],
    ["to", "null", () => library.restore("backup", null)],
    ["operation", "Symbol(x)", () => noodle.call(Symbol("x"))],
    ["operation", "7", () => noodle.as({}).call(7)],
    ["actor", "7", () => noodle.as({ actor: 7 }).listModels()],
    ["requestId", "true", () => noodle.as({ requestId: true }).listModels()],
    ["deployment", "undefined", asking(undefined, inputs)],
    ["inputs", "null", asking("m", null)],
    ["inputs", "undefined", asking("m")],
    ["version", "1", asking("m", inputs, { version: 1 })],
    ["timeoutMs", "10", asking("m", inputs, { timeoutMs: "10" })],
  ]) {
    const named = (error) => kind("invalid_argument")(error) && error.context.field === field;
    await assert.rejects(work, (error) => named(error) && error.context.value === value, field);
  }
  const message = "dir is not valid (field: dir, value: undefined, allowed: a string)";
  assert.throws(() => library.openSync(), { message });
  assert.throws(() => library.restoreSync(7, "to"), kind("invalid_argument"));
  assert.throws(() => noodle.predictSync(7, inputs), kind("invalid_argument"));
});

test("a caller acts in its own name and role", async (t) => {
  const noodle = await serving(t, LINEAR);
  const viewer = noodle.as({ actor: "vic", role: "viewer" });
  assert.strictEqual((await viewer.getDeployment({ deployment: "m" })).serving, "1.0.0");
  await assert.rejects(viewer.undeploy({ deployment: "m" }), kind("forbidden"));
  const operator = noodle.as({ actor: "ola", role: "operator", requestId: "r-1" });
  await operator.scale({ deployment: "m", replicas: 2 });
  const { events } = await noodle.history({ deployment: "m" });
  const last = events.at(-1);
  assert.deepStrictEqual([last.actor, last.request_id, last.event.type], ["ola", "r-1", "scaled"]);
  assert.strictEqual(typeof last.sequence, "string");
  await assert.rejects(noodle.as({ role: "king" }).listModels(), kind("invalid_argument"));
});

test("a backup is restored elsewhere", async (t) => {
  const noodle = await serving(t, LINEAR);
  const dir = temporary(t);
  const [backup, first, second] = ["backup", "first", "second"].map((name) => path.join(dir, name));
  const report = await noodle.backup({ to: backup });
  assert.deepStrictEqual(await library.restore(backup, first), report);
  assert.deepStrictEqual(library.restoreSync(backup, second), report);
  await assert.rejects(library.restore(backup, first), NoodleError);
  const restored = await library.open(first);
  assert.deepStrictEqual(await restored.auditHead(), report.head);
  await restored.close();
});

test("a closed handle says so, however often it is closed", async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = new Float32Array(4);
  const running = noodle.predict("m", { x: { shape: [1, 4], data: x } });
  await Promise.all([noodle.close(), noodle.close()]);
  noodle.closeSync();
  assert.strictEqual((await running).version, "1.0.0");
  const closed = kind("closed");
  await assert.rejects(noodle.listModels(), closed);
  await assert.rejects(noodle.as({ actor: "ann" }).listModels(), closed);
  await assert.rejects(noodle.predict("m", { x }), closed);
  assert.throws(() => noodle.predictSync("m", { x }), closed);
  assert.throws(() => noodle.subscribe(), closed);
  assert.throws(() => noodle.dir, closed);
  assert.throws(() => noodle.settings, closed);
});

test("what runs when the handle is closed is finished", async (t) => {
  const noodle = await serving(t, LINEAR);
  const { dir } = noodle;
  const [scaled] = await Promise.all([noodle.scale({ deployment: "m", replicas: 3 }), noodle.close()]);
  assert.strictEqual(scaled.desired.replicas, 3);
  const again = await library.open(dir);
  t.after(() => again.close());
  assert.strictEqual((await again.getDeployment({ deployment: "m" })).desired.replicas, 3);
});

test("a handle is disposed of in both ways", async (t) => {
  const dir = temporary(t);
  const first = library.openSync(dir);
  first[Symbol.dispose]();
  assert.throws(() => first.dir, kind("closed"));
  const second = await library.open(dir);
  await second[Symbol.asyncDispose]();
  assert.throws(() => second.dir, kind("closed"));
});

test("no panic reaches the host", async () => {
  const [failure] = await addon.panicOnThePool();
  assert.strictEqual(failure.kind, "internal");
  assert.ok(Noodle);
});
