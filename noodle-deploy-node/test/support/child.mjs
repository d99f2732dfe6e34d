// Programs that end in different ways; the first argument says which. See exit.test.js.

import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { open, openSync, setLogger } from "noodle-deploy";

const [, , how, dir, models] = process.argv;

async function serving(settings) {
  const noodle = await open(dir, settings);
  await noodle.registerVersion({ model: "m", path: join(models, "langid-v2.onnx") });
  await noodle.deploy({ deployment: "m" });
  return noodle;
}

function ask(noodle, rows) {
  return noodle.predict("m", { bytes: { shape: [rows, 8192], data: new Int32Array(rows * 8192).fill(32) } });
}

/** When the lease of a directory changes hands is another matter. */
const ours = (message) => !message.includes("lease");

const ways = {
  /** Nothing is left to do but a subscription that nobody closes. */
  async subscription() {
    const noodle = await serving({ allow_unverified: true });
    for await (const item of noodle.subscribe()) console.log(item);
    console.log("not reached");
  },
  /** A subscription that keeps the process until the event comes for which it waits. */
  async kept() {
    const noodle = await serving({ allow_unverified: true });
    setTimeout(() => void noodle.scale({ deployment: "m", replicas: 2 }), 50).unref();
    for await (const { event } of noodle.subscribe({ ref: true })) {
      console.log(event.type);
      break;
    }
  },
  /** A request that runs keeps the process until it is answered. */
  async pending() {
    const noodle = await serving({ allow_unverified: true });
    void ask(noodle, 4).then(({ version }) => console.log(`answered by ${version}`));
  },
  /** Ends while requests run and wait. */
  async running() {
    const noodle = await serving({ allow_unverified: true, workers: 1 });
    for (let i = 0; i < 8; i++) void ask(noodle, 16);
    setTimeout(() => process.exit(0), 5);
  },
  /** Ends while an operation runs. */
  async operation() {
    const noodle = await serving({ allow_unverified: true });
    void noodle.scale({ deployment: "m", replicas: 2 });
    process.exit(0);
  },
  /** Ends with a logger, before it had a turn. */
  async logger() {
    setLogger(({ message }) => ours(message) && console.log(message), { level: "debug" });
    openSync(dir).closeSync();
  },
  /** A logger that fails. */
  async throwing() {
    process.on("uncaughtException", ({ message }) => console.log(`uncaught ${message}`));
    const logger = ({ message }) => {
      if (message === "opened") throw new Error(message);
      if (ours(message)) console.log(message);
    };
    setLogger(logger, { level: "debug" });
    openSync(dir).closeSync();
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
  /** Worker threads end with everything open and running. */
  async workers() {
    for (let i = 0; i < 10; i++) {
      const script = new URL("./thread.mjs", import.meta.url);
      const how = i % 2 === 0 ? "leave" : "sync";
      const worker = new Worker(script, { workerData: { dir, models, how } });
      await new Promise((resolve, reject) => {
        worker.on("message", () => void worker.terminate());
        worker.on("error", reject);
        worker.on("exit", resolve);
      });
    }
    console.log("all ended");
  },
};

await ways[how]();
