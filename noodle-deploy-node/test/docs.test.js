"use strict";

// What the pages say of this package.

const assert = require("node:assert");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const { root, temporary } = require("./support/library.js");

const read = (...parts) => fs.readFileSync(path.join(root, ...parts), "utf8");
const blocks = (text) => [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);

test("the snippet of the README is the example", () => {
  const example = read("examples", "node", "embed.mjs");
  const [, snippet] = /\/\/ README begins\n(.*)\/\/ README ends/s.exec(example);
  assert.deepStrictEqual(blocks(read("noodle-deploy-node", "README.md")), [snippet]);
});

test("the program of the guide runs", (t) => {
  const dir = temporary(t);
  fs.mkdirSync(path.join(dir, "node_modules"));
  fs.symlinkSync(path.join(root, "examples"), path.join(dir, "examples"), "junction");
  fs.symlinkSync(path.join(root, "noodle-deploy-node"), path.join(dir, "node_modules", "noodle-deploy"), "junction");
  fs.writeFileSync(path.join(dir, "guide.mjs"), blocks(read("docs", "guide", "node.md")).join("\n"));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["guide.mjs"], { cwd: dir, encoding: "utf8" });
  assert.strictEqual(status, 0, stderr);
  const parts = ["running 1", "deployer false", "[ 1, 28 ] true", "scaled"];
  parts.forEach((part) => assert.ok(stdout.includes(part), stdout));
});

test("every operation of the table has a method", async () => {
  const { Operations } = require("noodle-deploy");
  const { operations } = JSON.parse(read("docs", "reference", "operations.json"));
  assert.ok(operations.length >= 25);
  for (const { name } of operations) {
    const method = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    assert.strictEqual(typeof Operations.prototype[method], "function", method);
  }
});
