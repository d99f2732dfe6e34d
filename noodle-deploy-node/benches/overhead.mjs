// What a prediction costs from JavaScript: over the same call in Rust where the add-on was built with the feature
// `testing`, and beside onnxruntime-node where that is there. At the end, what a second worker brings.
//
// node benches/overhead.mjs [ROUNDS]
//
// For the comparison run `npm install --ignore-scripts onnxruntime-node` in a directory and name it in ORT_DIR.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { open } from "noodle-deploy";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = Number(process.argv[2] ?? 40);

const examples = join(root, "examples", "models");
const bytes = new Int32Array(8192).fill(256);
bytes.set(readFileSync(join(examples, "samples", "hello.py")));

const subjects = [
  { name: "linear", file: join(root, "conformance", "models", "linear.onnx"), input: "x", each: 2000,
    tensor: { dtype: "f32", shape: [1, 4], data: new Float32Array([1, 2, 3, 4]) } },
  { name: "langid-v1", file: join(examples, "langid-v1.onnx"), input: "bytes", each: 50,
    tensor: { dtype: "i32", shape: [1, 8192], data: bytes } },
  { name: "langid-v2", file: join(examples, "langid-v2.onnx"), input: "bytes", each: 10,
    tensor: { dtype: "i32", shape: [1, 8192], data: bytes } },
];

async function ort() {
  if (!process.env.ORT_DIR) return undefined;
  return createRequire(join(process.env.ORT_DIR, "package.json"))("onnxruntime-node");
}

/** The median time of one call, in microseconds, over all the calls of a round. */
async function median(each, call) {
  if (call.median) return call.median(each);
  const times = new Float64Array(each);
  for (let i = 0; i < each; i++) {
    const begun = process.hrtime.bigint();
    const running = call();
    if (running instanceof Promise) await running;
    times[i] = Number(process.hrtime.bigint() - begun) / 1e3;
  }
  return times.sort()[each >> 1];
}

/** The same call in Rust: a function that answers with the median of so many calls. */
function rust(name, { ...inputs }, dir) {
  if (!addon.timePredict) return {};
  const [error, handle] = addon.openSync(dir, settings);
  if (error) throw new Error(error.text);
  const flat = Object.entries(inputs).flatMap(([name, { dtype, shape, data }]) => [name, dtype, shape, data]);
  return {
    "in Rust": Object.assign(() => {}, { median: (each) => addon.timePredict(handle, name, flat, each)[1] }),
  };
}

async function contenders(noodle, runtime, { name, file, input, tensor }) {
  const inputs = { [input]: tensor };
  const output = (answer) => Object.values(answer.outputs)[0].data[0];
  const found = {
    ...rust(name, inputs, noodle.dir),
    "predictSync": () => output(noodle.predictSync(name, inputs)),
    "predict": () => noodle.predict(name, inputs).then(output),
  };
  if (runtime) {
    for (const threads of [1, 2]) {
      const session = await runtime.InferenceSession.create(file, { intraOpNumThreads: threads, interOpNumThreads: 1 });
      const type = { f32: "float32", i32: "int32" }[tensor.dtype];
      const feed = { [input]: new runtime.Tensor(type, tensor.data, tensor.shape) };
      found[`onnxruntime-node, ${threads} threads`] = () => session.run(feed).then((o) => Object.values(o)[0].data[0]);
    }
  }
  return found;
}

/** Requests answered in a second, with so many in flight. */
async function throughput(noodle, subject, inFlight, total) {
  const inputs = { [subject.input]: subject.tensor };
  let left = total;
  const begun = process.hrtime.bigint();
  const asking = async () => {
    while (left-- > 0) await noodle.predict(subject.name, inputs);
  };
  await Promise.all(Array.from({ length: inFlight }, asking));
  return (total * 1e9) / Number(process.hrtime.bigint() - begun);
}

const settings = { allow_unverified: true, workers: 2 };
const addon = createRequire(import.meta.url)("../noodle_deploy.node");
const dir = mkdtempSync(join(tmpdir(), "noodle-bench-"));
const noodle = await open(dir, settings);
try {
  const runtime = await ort();
  for (const subject of subjects) {
    const { name, file, each } = subject;
    await noodle.registerVersion({ model: name, path: file });
    await noodle.deploy({ deployment: name, replicas: 2 });
    const calls = await contenders(noodle, runtime, subject);
    const medians = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
    for (const call of Object.values(calls)) await median(each, call);
    // Interleaved, so that what the machine does meanwhile falls on all alike.
    for (let i = 0; i < rounds; i++) {
      for (const [name, call] of Object.entries(calls)) medians[name].push(await median(each, call));
    }
    for (const [who, values] of Object.entries(medians)) {
      const sorted = values.sort((a, b) => a - b);
      const [low, middle] = [sorted[0], sorted[sorted.length >> 1]];
      const shown = `median ${middle.toFixed(1).padStart(9)} us, best ${low.toFixed(1)} us`;
      console.log(`${name.padEnd(10)} ${who.padEnd(30)} ${shown}`);
    }
  }
  const subject = subjects.at(-1);
  const speeds = { 1: [], 2: [] };
  for (let i = 0; i < 6; i++) {
    for (const inFlight of [1, 2]) speeds[inFlight].push(await throughput(noodle, subject, inFlight, 60));
  }
  const [one, two] = [1, 2].map((n) => Math.max(...speeds[n]));
  console.log(`${subject.name}: ${one.toFixed(0)} requests/s one at a time, ${two.toFixed(0)} two at a time`);
} finally {
  await noodle.close();
  rmSync(dir, { recursive: true });
}
