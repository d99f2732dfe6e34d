"use strict";

const assert = require("node:assert");
const path = require("node:path");
const test = require("node:test");
const { Worker } = require("node:worker_threads");

const { models, serving } = require("./support/library.js");

test("worker threads share what is loaded, and see a version change", async (t) => {
  const file = path.join(models, "linear.onnx");
  const noodle = await serving(t, file);
  const threads = Array.from({ length: 3 }, () => {
    const script = path.join(__dirname, "support", "thread.mjs");
    const worker = new Worker(script, { workerData: { dir: noodle.dir, models, how: "ask" } });
    const messages = [];
    const warm = new Promise((resolve) => worker.once("message", resolve));
    const exit = new Promise((resolve, reject) => worker.on("error", reject).on("exit", resolve));
    worker.on("message", (message) => messages.push(message));
    return { worker, messages, warm, exit };
  });
  await Promise.all(threads.map(({ warm }) => warm));
  await noodle.registerVersion({ model: "m", path: file, version: "2.0.0" });
  await noodle.deploy({ deployment: "m" });
  // One handle of the library behind all of them: the new version serves in each thread at once.
  await new Promise((resolve) => setTimeout(resolve, 50));
  threads.forEach(({ worker }) => worker.postMessage("stop"));
  assert.deepStrictEqual(await Promise.all(threads.map(({ exit }) => exit)), [0, 0, 0]);
  for (const { messages } of threads) {
    const { count, versions, closed } = messages.at(-1);
    assert.ok(count >= 10);
    assert.deepStrictEqual(versions, ["1.0.0", "2.0.0"]);
    assert.strictEqual(closed, "closed");
  }
  assert.strictEqual(noodle.predictSync("m", { x: new Float32Array(4) }).version, "2.0.0");
});
