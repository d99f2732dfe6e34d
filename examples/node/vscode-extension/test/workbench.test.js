"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");

const { NoodleError } = require("noodle-deploy");
const { Workbench, modelName, statusText } = require("../dist/workbench.js");

const examples = path.join(__dirname, "..", "..", "..", "models");
const LANGUAGES = path.join(__dirname, "..", "model", "langid-v1.onnx");
const LINEAR = path.join(examples, "..", "..", "conformance", "models", "linear.onnx");

async function workbench(t, changed = () => {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "noodle-vscode-"));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const opened = await Workbench.open(dir, LANGUAGES, changed);
  t.after(() => opened.close());
  return { opened, dir };
}

test("the status bar guesses the language of a text", async (t) => {
  const { opened } = await workbench(t);
  for (const [file, language] of [["hello.rs", "rust"], ["hello.py", "python"], ["hello.go", "go"]]) {
    const guess = await opened.guess(fs.readFileSync(path.join(examples, "samples", file), "utf8"));
    assert.strictEqual(guess.language, language);
    assert.match(statusText(guess), new RegExp(`^${language} \\d+ %$`));
    assert.strictEqual(guess.version, "1.0.0");
  }
  assert.strictEqual(await opened.guess("short"), undefined);
  assert.strictEqual(statusText(undefined), "");
  const long = "# größer 🍜\n".repeat(2000);
  assert.ok((await opened.guess(long)).confidence > 0);
});

test("a guess that is overtaken is cancelled", async (t) => {
  const { opened } = await workbench(t);
  const text = "def main():\n    print(1)\n".repeat(400);
  const aborted = opened.guess(text, { signal: AbortSignal.abort() });
  await assert.rejects(aborted, (error) => error instanceof NoodleError && error.kind === "cancelled");
});

test("a file is deployed, promoted and rolled back", async (t) => {
  let changes = 0;
  const { opened } = await workbench(t, () => changes++);
  const first = await opened.deploy(LINEAR);
  assert.deepStrictEqual([first.desired.name, first.serving], ["linear", "1.0.0"]);
  const second = await opened.deploy(LINEAR);
  assert.strictEqual(second.serving, "1.0.0");
  assert.strictEqual((await opened.promote("linear")).serving, second.desired.revisions.at(-1).version);
  assert.strictEqual((await opened.rollback("linear")).serving, "1.0.0");
  await assert.rejects(opened.rollback("nobody"), NoodleError);
  assert.ok(changes > 0);
});

test("the tree shows health, revisions and what they answered", async (t) => {
  const { opened } = await workbench(t);
  await opened.deploy(LINEAR);
  opened.noodle.predictSync("linear", { x: new Float32Array(4) });
  const rows = await opened.rows();
  assert.deepStrictEqual(rows.map(({ label }) => label), ["langid", "linear"]);
  const linear = rows[1];
  assert.strictEqual(linear.description, "1.0.0 serves, healthy");
  assert.ok(linear.healthy);
  assert.match(linear.tooltip, /1 replicas of linear, running/);
  assert.strictEqual(linear.children[0].label, "1.0.0 (active)");
  assert.match(linear.children[0].description, /^revision 1, 1 answered, median \d+ µs$/);
});

test("what was deployed is there when the editor starts again", async (t) => {
  const { opened, dir } = await workbench(t);
  await opened.deploy(LINEAR);
  await opened.close();
  const again = await Workbench.open(dir, LANGUAGES, () => {});
  t.after(() => again.close());
  const rows = await again.rows();
  assert.deepStrictEqual(rows.map(({ label }) => label), ["langid", "linear"]);
  assert.strictEqual(rows[0].children.length, 1);
  assert.strictEqual((await again.guess("fn main() { println!(\"a\"); }\n".repeat(20))).version, "1.0.0");
});

test("names of files become names of models", () => {
  assert.deepStrictEqual(
    ["/a/My Model (2).onnx", "größe.onnx", "---.onnx", "v1.2.onnx"].map(modelName),
    ["my-model-2", "gr-e", "model", "v1.2"],
  );
});
