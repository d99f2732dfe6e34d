"use strict";

const assert = require("node:assert");
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const test = require("node:test");

const { examples, temporary } = require("./support/library.js");

function run(t, how) {
  const args = [path.join(__dirname, "support", "child.mjs"), how, path.join(temporary(t), "dir"), examples];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 120_000 });
  // Node ends with 13 where a module was still waiting, here for the next event, when nothing else was left to do.
  assert.deepStrictEqual([status, signal], [how === "subscription" ? 13 : 0, null], stderr);
  assert.doesNotMatch(stderr, /panic|fatal|abort/i);
  return stdout;
}

test("a subscription does not keep the process alive", (t) => {
  assert.strictEqual(run(t, "subscription"), "");
});

test("one that asks for it does", (t) => {
  assert.strictEqual(run(t, "kept"), "scale_requested\n");
});

test("a request does, until it is answered", (t) => {
  assert.strictEqual(run(t, "pending"), "answered by 1.0.0\n");
});

test("a process may end while requests run", (t) => {
  assert.strictEqual(run(t, "running"), "");
});

test("a process may end while an operation runs", (t) => {
  assert.strictEqual(run(t, "operation"), "");
});

test("worker threads may end while everything is open", (t) => {
  assert.strictEqual(run(t, "workers"), "all ended\n");
});

test("a logger does not keep the process alive, and gets the last words", (t) => {
  assert.strictEqual(run(t, "logger"), "opened\nclosed\n");
});

test("what a logger throws is uncaught, and the next record still comes", (t) => {
  assert.strictEqual(run(t, "throwing"), "closed\nuncaught opened\n");
});
