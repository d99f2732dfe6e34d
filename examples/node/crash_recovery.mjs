// Kills a process that deploys and predicts, opens its directory again, and shows that nothing acknowledged is lost.
//
// node examples/node/crash_recovery.mjs. The program starts itself a second time: that child deploys version 1.0.0,
// brings 2.0.0 up beside it, promotes it, scales and predicts without end, and is killed in the middle.

import assert from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { open } from "noodle-deploy";

const models = fileURLToPath(new URL("../models", import.meta.url));
const SOURCE = Buffer.from('fn main() {\n    let names: Vec<&str> = vec!["a"];\n    println!("{names:?}");\n}\n');

/** Works until it is killed, and says on its standard output what was acknowledged. */
async function child(dir) {
  const noodle = await open(dir);
  await register(noodle, "1.0.0");
  await noodle.deploy({ deployment: "langid", version: "1.0.0" });
  console.log("deployed 1.0.0");
  await register(noodle, "2.0.0");
  await noodle.deploy({ deployment: "langid", version: "2.0.0", strategy: "blue_green" });
  console.log("brought 2.0.0 up beside it");
  await noodle.promote({ deployment: "langid" });
  console.log("promoted 2.0.0");
  // The head is what a host keeps elsewhere: the log that is found later must still contain it.
  console.log(`head ${JSON.stringify(await noodle.auditHead())}`);
  for (let n = 2; ; n = n === 8 ? 2 : n + 1) {
    // Never done: this is where the process dies.
    await noodle.scale({ deployment: "langid", replicas: n });
    await guess(noodle);
  }
}

async function parent(dir) {
  console.log(`a child works in ${dir}`);
  const worker = spawn(process.execPath, [fileURLToPath(import.meta.url), "child", dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(worker, "exit");
  let kept;
  for await (const line of createInterface({ input: worker.stdout })) {
    if (line.startsWith("head ")) {
      kept = JSON.parse(line.slice("head ".length));
      // Long enough to be in the middle of something.
      setTimeout(() => worker.kill("SIGKILL"), 100);
    } else {
      console.log(`  child: ${line}`);
    }
  }
  const [code, signal] = await exit;
  assert.ok(kept !== undefined, `the child ended with ${code ?? signal} before it was killed`);
  console.log(`killed it: ${code ?? signal}`);

  const begun = performance.now();
  const noodle = await open(dir);
  const { version, best } = await guess(noodle);
  console.log(`\nopened the directory again: the first answer came after ${Math.round(performance.now() - begun)} ms`);
  console.log(`version ${version} answers: ${best}`);
  assert.strictEqual(version, "2.0.0", "the promotion was acknowledged before the kill");
  const { desired } = await noodle.getDeployment({ deployment: "langid" });
  console.log(`state ${desired.state}, ${desired.replicas} replicas wanted: a scaling that was under way is finished`);

  const report = await noodle.auditVerify({ since: kept, artifacts: true });
  const since = BigInt(report.events) - BigInt(kept.sequence);
  console.log(
    `the log verifies: ${report.events} events, ${since} of them since the head that was kept; ` +
      `${report.rows} rows and ${report.artifacts} artifacts agree`,
  );
  const { events } = await noodle.history({ deployment: "langid", limit: 12 });
  console.log("\nhow the deployment came about, its first events:");
  for (const { sequence, event, actor, operation } of events) {
    console.log(`  ${sequence.padStart(3)} ${event.type.padEnd(18)} by ${actor} in ${operation}`);
  }
  await noodle.close();
}

async function register(noodle, version) {
  const stem = join(models, `langid-v${version[0]}`);
  const probes_path = `${stem}.probe.json`;
  await noodle.registerVersion({ model: "langid", path: `${stem}.onnx`, version, probes_path });
}

/** Which version answered, and what it takes a piece of Rust for. */
async function guess(noodle) {
  const data = new Int32Array(512).fill(256);
  data.set(SOURCE);
  const answer = await noodle.predict("langid", { bytes: { shape: [1, 512], data } });
  const [[[label, score]]] = answer.top(1);
  return { version: answer.version, best: `${label} ${score.toFixed(2)}` };
}

const [, , word, given] = process.argv;
if (word === "child") {
  await child(given);
} else {
  const dir = mkdtempSync(join(tmpdir(), "noodle-crash-"));
  try {
    await parent(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
