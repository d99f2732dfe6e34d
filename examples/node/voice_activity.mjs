// Finds speech in a sound file with Silero VAD: a deployment that carries state, asked window by window.
//
// node examples/node/voice_activity.mjs FILE.wav; the file is mono, 16 bits, 16,000 samples a second. Without one, the
// example asks about silence. NOODLE_MODELS_DIR holds silero-vad.onnx, as `cargo xtask models` fetches it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { open } from "noodle-deploy";

const RATE = 16000;
// Samples of a window, and those before it that the model wants to hear again.
const [WINDOW, CONTEXT] = [512, 64];

/** Samples of a file, from -1 to 1. */
function read(path) {
  const bytes = readFileSync(path);
  for (let at = 12, format; at + 8 <= bytes.length; ) {
    const [name, length] = [bytes.toString("latin1", at, at + 4), bytes.readUInt32LE(at + 4)];
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    if (name === "fmt ") format = [chunk.readUInt16LE(2), chunk.readUInt32LE(4), chunk.readUInt16LE(14)].join();
    if (name === "data") {
      if (format !== `1,${RATE},16`) throw new Error(`${path} is not mono, 16 bits and ${RATE} samples a second`);
      return Float32Array.from({ length: length >> 1 }, (_, i) => chunk.readInt16LE(2 * i) / 32768);
    }
    at += 8 + length + (length % 2);
  }
  throw new Error(`${path} is no WAV file`);
}

const sr = { dtype: "i64", shape: [], data: [RATE] };
const probability = (answer) => answer.output("output").data[0];

async function main(model, dir, file) {
  const samples = file === undefined ? new Float32Array(RATE) : read(file);
  const noodle = await open(dir);
  await noodle.registerVersion({ model: "vad", path: model, version: "1.0.0" });
  await noodle.deploy({
    deployment: "vad",
    state: { carried: [{ output: "stateN", input: "state", shape: [2, 1, 128] }] },
    stream: { type: "windows", input: "input", axis: 1, length: WINDOW, hop: WINDOW, context: CONTEXT },
  });
  // The whole file as one stream.
  const probabilities = [];
  const input = { shape: [1, samples.length], data: samples };
  for await (const answer of noodle.predictStream("vad", { input, sr })) probabilities.push(probability(answer));
  const speech = probabilities.filter((p) => p >= 0.5).length;
  console.log(`${speech} of ${probabilities.length} windows have speech`);
  // The same as it would come from a microphone: one session, one window a call.
  const session = await noodle.session("vad");
  for (const [n, expected] of probabilities.entries()) {
    const data = new Float32Array(CONTEXT + WINDOW);
    const from = Math.max(0, n * WINDOW - CONTEXT);
    data.set(samples.subarray(from, (n + 1) * WINDOW), n === 0 ? CONTEXT : 0);
    const found = probability(await session.predict({ input: { shape: [1, data.length], data }, sr }));
    if (found !== expected) throw new Error(`window ${n}: ${found}, and ${expected} in the stream`);
  }
  session.close();
  await noodle.close();
  if (file === undefined && speech > 0) throw new Error("somebody speaks in silence");
}

const folder = process.env.NOODLE_MODELS_DIR ?? join(homedir(), ".cache/noodle-deploy/models");
const model = join(folder, "silero-vad.onnx");
if (!existsSync(model)) {
  console.log("Silero VAD is not there: fetch it with `cargo xtask models`");
} else {
  const dir = mkdtempSync(join(tmpdir(), "noodle-voice-"));
  try {
    await main(model, join(dir, "state"), process.argv[2]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
