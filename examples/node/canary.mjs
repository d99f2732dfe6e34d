// A better and slower version gets a growing share of the traffic: held to the old one's speed it is taken back, allowed
// to be slower it is shown to fail no more, and serves.
//
// node examples/node/canary.mjs [DIRECTORY]; without a directory it uses a temporary one.

import assert from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { open } from "noodle-deploy";

const models = fileURLToPath(new URL("../models", import.meta.url));
/** The models look at the first bytes of a file; 256 stands for "no byte". */
const WINDOW = 8192;
const USERS = 200;

/** Deploys version 2.0.0 by steps, and asks for all users until the rollout has ended. */
async function rollOut(noodle, latency_ratio) {
  const steps = [2_000, 5_000].map((weight) => ({ weight, min_requests: 50 }));
  const canary = { steps, analysis: { error_margin: 0.05, latency_ratio } };
  await noodle.deploy({ deployment: "langid", version: "2.0.0", canary });
  const data = new Int32Array(WINDOW).fill(256);
  data.set(readFileSync(join(models, "samples", "hello.py")).subarray(0, WINDOW));
  for (;;) {
    for (let user = 0; user < USERS; user++) {
      // All requests of one user go to the same version while it lasts.
      await noodle.predict("langid", { bytes: { shape: [1, WINDOW], data } }, { key: `user-${user}` });
    }
    const { rollout } = await noodle.getRollout({ deployment: "langid" });
    if (rollout.phase === "completed" || rollout.phase === "aborted") return rollout;
  }
}

async function main(noodle) {
  for (const version of ["1.0.0", "2.0.0"]) {
    await noodle.registerVersion({ model: "langid", path: join(models, `langid-v${version[0]}.onnx`), version });
  }
  await noodle.deploy({ deployment: "langid", version: "1.0.0" });
  for (const ratio of [1.2, 100]) {
    const { phase, reason } = await rollOut(noodle, ratio);
    console.log(`up to ${ratio} times as slow: ${phase}: ${reason}`);
  }
  const { serving } = await noodle.getDeployment({ deployment: "langid" });
  console.log(`${serving} serves`);
  assert.strictEqual(serving, "2.0.0");
}

const given = process.argv[2];
const temporary = given === undefined ? mkdtempSync(join(tmpdir(), "noodle-canary-")) : undefined;
const noodle = await open(given ?? join(temporary, "state"));
try {
  await main(noodle);
} finally {
  await noodle.close();
  if (temporary !== undefined) rmSync(temporary, { recursive: true });
}
