// A worker thread with a handle of its own. See workers.test.js and exit.test.js.

import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

import { NoodleError, open, setLogger } from "noodle-deploy";

const { dir, models, how } = workerData;

const ways = {
  /** Asks until it is told to stop, and says how often it asked and who answered. */
  async ask() {
    const noodle = await open(dir);
    const versions = new Set();
    let count = 0;
    let going = true;
    parentPort.on("message", () => (going = false));
    while (going) {
      const answer = await noodle.predict("m", { x: new Float32Array([count, 0, 0, 0]) });
      versions.add(answer.version);
      versions.add(noodle.predictSync("m", { x: new Float32Array(4) }).version);
      count++;
      if (count === 10) parentPort.postMessage("warm");
    }
    await noodle.close();
    try {
      noodle.predictSync("m", { x: new Float32Array(4) });
    } catch (error) {
      parentPort.postMessage({ count, versions: [...versions], closed: error instanceof NoodleError && error.kind });
    }
    parentPort.close();
  },
  /** Sets the logger of the process, says what it gets, and stays. */
  async log() {
    setLogger(({ message }) => parentPort.postMessage(message), { level: "debug" });
    parentPort.on("message", () => {});
    parentPort.postMessage("set");
  },
  /** Ends in the middle of everything. */
  async leave() {
    const noodle = await open(dir, { allow_unverified: true });
    const known = await noodle.listDeployments();
    if (known.deployments.length === 0) {
      await noodle.registerVersion({ model: "m", path: join(models, "langid-v2.onnx") });
      await noodle.deploy({ deployment: "m" });
    }
    setLogger(() => {}, { level: "trace" });
    void noodle.subscribe({ ref: true }).next();
    const bytes = { shape: [8, 8192], data: new Int32Array(8 * 8192).fill(32) };
    for (let i = 0; i < 4; i++) void noodle.predict("m", { bytes });
    void noodle.scale({ deployment: "m", replicas: 2 });
    parentPort.postMessage("busy");
  },
  /** Ends while it asks and waits for the answer. */
  async sync() {
    const noodle = await open(dir, { allow_unverified: true });
    parentPort.postMessage("busy");
    for (;;) noodle.predictSync("m", { bytes: { shape: [1, 8192], data: new Int32Array(8192) } });
  },
};

await ways[how]();
