// A better and slower version answers a copy of the traffic that nobody hears: what it would change is counted, it
// is shown to fail no more, and then somebody lets it serve.
//
// node examples/node/shadow.mjs [DIRECTORY]; without a directory it uses a temporary one.

import assert from "node:assert";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { open } from "noodle-deploy";

const models = fileURLToPath(new URL("../models", import.meta.url));
/** The models look at the first bytes of a file; 256 stands for "no byte". */
const WINDOW = 1024;

/** The first bytes of each sample. */
function windows() {
  const samples = join(models, "samples");
  return readdirSync(samples).map((name) => {
    const data = new Int32Array(WINDOW).fill(256);
    data.set(readFileSync(join(samples, name)).subarray(0, WINDOW));
    return data;
  });
}

/** Lets half of the requests run a second time on version 2.0.0, until there is a verdict. */
async function inShadow(noodle) {
  const steps = [{ weight: 0, mirror: { share: 5_000 }, min_requests: 50, gate: true }];
  const canary = { steps, analysis: { error_margin: 0.05 } };
  await noodle.deploy({ deployment: "langid", version: "2.0.0", strategy: "shadow", canary });
  const files = windows();
  for (;;) {
    for (const data of files) {
      const answer = await noodle.predict("langid", { bytes: { shape: [1, WINDOW], data } });
      assert.strictEqual(answer.served.version, "1.0.0");
    }
    // The shadow runs when nothing else does, on a quarter of one processor.
    await setTimeout(20);
    const { rollout } = await noodle.getRollout({ deployment: "langid" });
    if (rollout.phase !== "analysing") return rollout;
  }
}

async function main(noodle) {
  const labels = JSON.parse(readFileSync(join(models, "langid.labels.json"), "utf8"));
  for (const version of ["1.0.0", "2.0.0"]) {
    const path = join(models, `langid-v${version[0]}.onnx`);
    await noodle.registerVersion({ model: "langid", path, version, labels });
  }
  await noodle.deploy({ deployment: "langid", version: "1.0.0" });
  const { phase, reason } = await inShadow(noodle);
  console.log(`${phase}: ${reason}`);
  assert.strictEqual(phase, "gated");
  await noodle.advanceRollout({ deployment: "langid", reason: "looks right" });
  const { serving } = await noodle.getDeployment({ deployment: "langid" });
  console.log(`${serving} serves`);
  assert.strictEqual(serving, "2.0.0");
}

const given = process.argv[2];
const temporary = given === undefined ? mkdtempSync(join(tmpdir(), "noodle-shadow-")) : undefined;
const noodle = await open(given ?? join(temporary, "state"));
try {
  await main(noodle);
} finally {
  await noodle.close();
  if (temporary !== undefined) rmSync(temporary, { recursive: true });
}
