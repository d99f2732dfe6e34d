// Deploys a real model, predicts, puts a better version beside it, compares, promotes, and rolls back.
//
// node examples/node/quickstart.mjs [DIRECTORY]; without a directory it uses a temporary one.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { open } from "noodle-deploy";

const models = fileURLToPath(new URL("../models", import.meta.url));
/** The models look at the first bytes of a file; 256 stands for "no byte". */
const WINDOW = 8192;
const SAMPLES = ["hello.rs", "hello.py", "hello.go"];

async function register(noodle, version) {
  const stem = join(models, `langid-v${version[0]}`);
  const { metrics } = JSON.parse(readFileSync(`${stem}.json`, "utf8"));
  const numbers = Object.entries(metrics).filter(([, value]) => typeof value === "number");
  await noodle.registerVersion({
    model: "langid",
    path: `${stem}.onnx`,
    version,
    probes_path: `${stem}.probe.json`,
    metrics: Object.fromEntries(numbers),
  });
}

/** Asks the deployment about three files: who answered, and the best label of each. */
async function guess(noodle, step) {
  const data = new Int32Array(SAMPLES.length * WINDOW).fill(256);
  SAMPLES.forEach((sample, row) => {
    data.set(readFileSync(join(models, "samples", sample)).subarray(0, WINDOW), row * WINDOW);
  });
  const answer = await noodle.predict("langid", { bytes: { shape: [SAMPLES.length, WINDOW], data } });
  const best = answer.top(1).map(([[label, score]]) => `${label} ${score.toFixed(2)}`);
  return [step, answer.version, ...best];
}

async function main(noodle) {
  await register(noodle, "1.0.0");
  await noodle.deploy({ deployment: "langid", version: "1.0.0" });
  const rows = [await guess(noodle, "deployed 1.0.0")];

  // The second version comes up beside the first one; traffic stays where it is until somebody promotes.
  await register(noodle, "2.0.0");
  await noodle.deploy({ deployment: "langid", version: "2.0.0", strategy: "blue_green" });
  const comparison = await noodle.compareVersions({ model: "langid", base: "1.0.0", candidate: "2.0.0" });

  await noodle.promote({ deployment: "langid" });
  rows.push(await guess(noodle, "promoted 2.0.0"));

  await noodle.rollback({ deployment: "langid" });
  rows.push(await guess(noodle, "rolled back"));

  console.log(`2.0.0 against 1.0.0: ${comparison.compatibility}`);
  for (const [metric, { base, candidate }] of Object.entries(comparison.metrics ?? {})) {
    if (base === undefined || candidate === undefined) continue;
    console.log(`  ${metric.padEnd(28)} ${base.toFixed(4).padStart(9)} -> ${candidate.toFixed(4).padStart(9)}`);
  }
  console.log();
  for (const row of [["step", "version", ...SAMPLES], ...rows]) {
    console.log(row.map((cell, i) => cell.padEnd([16, 8][i] ?? 24)).join(" ").trimEnd());
  }

  const head = await noodle.auditHead();
  const report = await noodle.auditVerify({ since: head, artifacts: true });
  console.log(`\nthe log has ${head.sequence} events and verifies: ${report.head.hash === head.hash}`);
}

const given = process.argv[2];
const dir = given ?? mkdtempSync(join(tmpdir(), "noodle-quickstart-"));
const noodle = await open(dir);
try {
  await main(noodle);
} finally {
  await noodle.close();
  if (given === undefined) rmSync(dir, { recursive: true });
}
