"use strict";

// Memory stays flat. NOODLE_LEAK_CYCLES and NOODLE_LEAK_PREDICTS ask for more than the default.

const assert = require("node:assert");
const path = require("node:path");
const test = require("node:test");
const v8 = require("node:v8");
const vm = require("node:vm");

const { addon, models, open, serving, setLogger, temporary } = require("./support/library.js");

v8.setFlagsFromString("--expose-gc");
const gc = vm.runInNewContext("gc");
const LINEAR = path.join(models, "linear.onnx");
const cycles = Number(process.env.NOODLE_LEAK_CYCLES ?? 200);
const predicts = Number(process.env.NOODLE_LEAK_PREDICTS ?? 100_000);
const MIB = 1 << 20;

/** Resident memory after everything that can go has gone, without the room that the JavaScript heap keeps free. */
async function settled() {
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

/**
 * Runs `work` in eight parts. The last three may not need more than the others before them, up to `most`: the largest of them,
 * or, where the allocator gives large blocks back when it likes, the smallest.
 */
async function flat(t, total, most, work, of = Math.max) {
  const part = Math.ceil(total / 8);
  const sizes = [];
  for (let i = 0; i < 8; i++) {
    await work(part);
    sizes.push(await settled());
  }
  const grown = of(...sizes.slice(5)) - Math.max(...sizes.slice(0, 5));
  t.diagnostic(`${total}: resident ${sizes.map((size) => (size / MIB).toFixed(1)).join(", ")} MiB`);
  assert.ok(grown <= most, `grew by ${(grown / MIB).toFixed(1)} MiB over ${3 * part} of ${total}`);
}

test("opening, deploying, asking and closing", { timeout: 600_000 }, async (t) => {
  const root = temporary(t);
  let opened = 0;
  await flat(t, cycles, 6 * MIB, async (count) => {
    for (let i = 0; i < count; i++) {
      const noodle = await open(path.join(root, `dir-${opened++}`));
      await noodle.registerVersion({ model: "m", path: LINEAR });
      const events = noodle.subscribe();
      await noodle.deploy({ deployment: "m" });
      await events.next();
      await noodle.predict("m", { x: new Float32Array(4) });
      noodle.predictSync("m", { x: new Float32Array(4) });
      // Every other one is left to its end as it is: the handle closes what still waits.
      if (i % 2 === 0) await events.return();
      await noodle.close();
    }
  });
});

test("asking while the caller waits", { timeout: 600_000 }, async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = { shape: [2, 4], data: new Float32Array(8) };
  await flat(t, predicts, 6 * MIB, async (count) => {
    for (let i = 0; i < count; i++) noodle.predictSync("m", { x });
  });
});

test("asking the workers", { timeout: 600_000 }, async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = { shape: [2, 4], data: new Float32Array(8) };
  await flat(t, predicts, 6 * MIB, async (count) => {
    for (let i = 0; i < count; i += 100) {
      await Promise.all(Array.from({ length: 100 }, () => noodle.predict("m", { x })));
    }
  });
});

test("large answers, whose memory is lent", { timeout: 600_000 }, async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = { shape: [32_768, 4], data: new Float32Array(32_768 * 4) };
  await flat(t, predicts / 50, 32 * MIB, async (count) => {
    for (let i = 0; i < count; i++) {
      if (i % 2 === 0) noodle.predictSync("m", { x });
      else await noodle.predict("m", { x });
    }
  }, Math.min);
});

test("requests that fail or are given up", { timeout: 600_000 }, async (t) => {
  const noodle = await serving(t, LINEAR);
  const x = new Float32Array(4);
  await flat(t, predicts / 10, 6 * MIB, async (count) => {
    for (let i = 0; i < count; i++) {
      const controller = new AbortController();
      const running = noodle.predict("m", { x }, { signal: controller.signal });
      controller.abort();
      // It may have been answered already.
      await running.catch((error) => assert.strictEqual(error.kind, "cancelled"));
      assert.throws(() => noodle.predictSync("m", { y: x }));
    }
  });
});

test("loggers that take each other's place", { timeout: 600_000 }, async (t) => {
  t.after(() => setLogger(null));
  let said = 0;
  await flat(t, predicts / 10, 6 * MIB, async (count) => {
    for (let i = 0; i < count; i++) {
      setLogger(() => said++);
      addon.say("warn", 2);
    }
  });
  setLogger(null);
  assert.strictEqual(said, 2 * Math.ceil(predicts / 10 / 8) * 8);
});
