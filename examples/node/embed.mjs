// The shortest way to a prediction; the README of the package shows it.
//
// node examples/node/embed.mjs

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// README begins
import { open } from "noodle-deploy";

/** Which language a source file is written in. */
async function language(dir, model, source) {
  const noodle = await open(dir); // made where it is missing; what ran when it was last open runs again
  const { version } = await noodle.registerVersion({ model: "langid", path: model });
  await noodle.deploy({ deployment: "langid", version });

  const bytes = new Int32Array(8192).fill(256); // for this model 256 stands for "no byte"
  bytes.set(source.subarray(0, 8192));
  const answer = await noodle.predict("langid", { bytes: { shape: [1, 8192], data: bytes } });
  const [[[label, score]]] = answer.top(1);
  await noodle.close();
  return `${label} ${score.toFixed(2)}, says version ${answer.version}`;
}
// README ends

const models = fileURLToPath(new URL("../models", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "noodle-embed-"));
try {
  const source = readFileSync(join(models, "samples", "hello.py"));
  console.log(await language(dir, join(models, "langid-v2.onnx"), source));
} finally {
  rmSync(dir, { recursive: true });
}
