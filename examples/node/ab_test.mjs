// Two versions on live traffic: does the larger model name more snippets of code right, and what does it cost? The
// experiment stops by itself once that is shown, and the winner gets all traffic.
//
// node examples/node/ab_test.mjs [DIRECTORY]; without a directory it uses a temporary one.

import assert from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { open } from "noodle-deploy";

const models = fileURLToPath(new URL("../models", import.meta.url));
/** Files, and the number of their language among the model's classes. */
const SAMPLES = [
  ["hello.c", 0],
  ["hello.go", 5],
  ["Hello.java", 8],
  ["hello.js", 9],
  ["hello.py", 17],
  ["hello.rb", 19],
  ["hello.rs", 20],
  ["hello.sh", 21],
  ["hello.toml", 24],
  ["hello.ts", 25],
];
/** Bytes of a snippet; 256 stands for "no byte". */
const SNIPPET = 256;
const MOST_USERS = 20_000;

/** A user shows a snippet, and says whether it was named right. */
async function ask(noodle, user) {
  const [file, language] = SAMPLES[user % SAMPLES.length];
  const source = readFileSync(join(models, "samples", file));
  const from = (user * 7_919) % Math.max(source.length - SNIPPET, 1);
  const data = new Int32Array(SNIPPET).fill(256);
  data.set(source.subarray(from, from + SNIPPET));
  const key = `user-${user}`;
  // All requests of one user go to the same version.
  const answer = await noodle.predict("langid", { bytes: { shape: [1, SNIPPET], data } }, { key });
  const chances = answer.outputs.probabilities.data;
  return { name: "right", value: chances.indexOf(Math.max(...chances)) === language ? 1 : 0, key };
}

async function main(noodle) {
  for (const version of ["1.0.0", "2.0.0"]) {
    await noodle.registerVersion({ model: "langid", path: join(models, `langid-v${version[0]}.onnx`), version });
  }
  const deployment = "langid";
  await noodle.deploy({ deployment, version: "1.0.0" });
  // Up beside the one that serves, without traffic.
  await noodle.deploy({ deployment, version: "2.0.0", strategy: "blue_green" });
  const latency = { kind: "quantile", goal: "decrease", outcome: "latency_ms", quantile: 0.5 };
  await noodle.createExperiment({
    deployment,
    name: "size",
    arms: [
      { name: "small", version: "1.0.0", weight: 5_000 },
      { name: "large", version: "2.0.0", weight: 5_000 },
    ],
    metrics: [
      { name: "right", kind: "proportion", goal: "increase", role: "primary" },
      { name: "latency", role: "secondary", ...latency },
      { name: "failed", kind: "proportion", goal: "decrease", role: "guardrail", margin: 0.5 },
    ],
    judgement: { stop_early: true },
  });
  let view = await noodle.startExperiment({ deployment });
  let user = 0;
  while (view.experiment.phase === "running") {
    assert(user < MOST_USERS, view.text);
    const outcomes = [];
    for (const end = user + 200; user < end; user++) outcomes.push(await ask(noodle, user));
    await noodle.recordOutcomes({ deployment, outcomes });
    view = await noodle.getExperiment({ deployment });
  }
  console.log(view.text);
  const { experiment } = await noodle.declareWinner({ deployment });
  const { serving } = await noodle.getDeployment({ deployment });
  console.log(`after ${user} users ${serving} serves`);
  assert.deepStrictEqual([experiment.winner, serving], ["large", "2.0.0"]);
}

const given = process.argv[2];
const temporary = given === undefined ? mkdtempSync(join(tmpdir(), "noodle-ab-test-")) : undefined;
const noodle = await open(given ?? join(temporary, "state"));
try {
  await main(noodle);
} finally {
  await noodle.close();
  if (temporary !== undefined) rmSync(temporary, { recursive: true });
}
