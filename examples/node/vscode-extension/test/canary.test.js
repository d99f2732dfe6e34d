"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");

const { NoodleError } = require("noodle-deploy");
const { Verdicts, canaryOf, canaryText, verdict } = require("../dist/canary.js");
const { LANGUAGES, Workbench } = require("../dist/workbench.js");

const model = (name) => path.join(__dirname, "..", "model", name);
const SAMPLES = path.join(__dirname, "..", "..", "..", "models", "samples");
const text = fs.readFileSync(path.join(SAMPLES, "hello.py"), "utf8");

/** Deployment and rollout as operations answer them, as far as they are read. */
function answered(rollout, findings) {
  const revisions = [{ number: 1, version: "1.0.0" }, { number: 2, version: "2.0.0" }];
  const canary = { steps: [{ weight: 2_500 }, { weight: 5_000 }] };
  const whole = { baseline: 1, candidate: 2, canary, step: 0, weight: 2_500, phase: "analysing", reason: "begun" };
  return canaryOf({ name: "langid", revisions }, { deployment: "langid", rollout: { ...whole, ...rollout }, findings });
}

test("a canary is told in a sentence", () => {
  const begun = answered({});
  assert.strictEqual(canaryText(begun), "2.0.0: step 1 of 2, 25 % of the documents, analysing");
  assert.strictEqual(begun.findings, "Nothing is found yet.");
  const rates = { candidate_error_rate: 0.0125, baseline_error_rate: 0 };
  const found = answered({}, { ...rates, candidate_requests: "80", baseline_requests: "240", latency_ratio: 1.254 });
  const said = "It fails 1.25 % of 80 requests, the one that serves 0 % of 240 requests; it takes 1.25 times as long.";
  assert.strictEqual(found.findings, said);
  assert.strictEqual(canaryOf({ name: "langid", revisions: [] }, { deployment: "langid" }), undefined);
});

test("what ended before is no news, and an end is said once", () => {
  const [open, done] = [answered({}), answered({ phase: "aborted", reason: "it is worse" })];
  const verdicts = new Verdicts();
  assert.deepStrictEqual(verdicts.ended([done]), []);
  assert.deepStrictEqual(verdicts.ended([open]), []);
  assert.deepStrictEqual(verdicts.ended([answered({ phase: "paused" })]), []);
  assert.deepStrictEqual(verdicts.ended([done]).map(verdict), ["langid 2.0.0 was taken back: it is worse"]);
  assert.deepStrictEqual(verdicts.ended([done]), []);
});

/** An editor's models, with the larger one as a canary beside the smaller. */
async function tried(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "noodle-vscode-"));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  const opened = await Workbench.open(dir, model("langid-v1.onnx"), () => {});
  t.after(() => opened.close());
  const { serving } = await opened.deployCanary(model("langid-v2.onnx"), LANGUAGES);
  assert.strictEqual(serving, "1.0.0");
  const canary = async () => (await opened.canaries())[0];
  return { opened, canary };
}

test("documents are the traffic, and the verdict is said and shown", { timeout: 120_000 }, async (t) => {
  const { opened, canary } = await tried(t);
  const verdicts = new Verdicts();
  assert.deepStrictEqual(verdicts.ended([await canary()]), []);
  const versions = new Map();
  let ended = [];
  for (let round = 0; ended.length === 0; round++) {
    for (let document = 0; document < 40; document++) {
      const key = `file:///document-${document}`;
      const { version } = await opened.guess(text, { key });
      if (round === 0) versions.set(key, version);
    }
    ended = verdicts.ended([await canary()]);
  }
  assert.deepStrictEqual([...new Set(versions.values())].sort(), ["1.0.0", "2.0.0"]);
  assert.match(verdict(ended[0]), /^langid 2\.0\.0 serves: the candidate is no worse at a level of 5\.00 %/);
  const [{ description, children }] = await opened.rows();
  assert.strictEqual(description, "2.0.0 serves, healthy");
  assert.strictEqual(children[0].label, "canary 2.0.0: serves");
  assert.strictEqual(children[0].phase, "completed");
  assert.match(children[0].description, /no worse/);
});

test("a document stays with its version while a canary is tried", async (t) => {
  const { opened } = await tried(t);
  for (let document = 0; document < 8; document++) {
    const versions = new Set();
    for (let edit = 0; edit < 3; edit++) versions.add((await opened.guess(text, { key: `${document}` })).version);
    assert.strictEqual(versions.size, 1);
  }
});

test("a canary is paused, resumed, advanced and aborted", async (t) => {
  const { opened, canary } = await tried(t);
  await opened.pauseCanary(LANGUAGES);
  assert.strictEqual((await canary()).phase, "paused");
  await opened.resumeCanary(LANGUAGES);
  await opened.advanceCanary(LANGUAGES);
  assert.strictEqual((await canary()).standing, "step 2 of 2, 50 % of the documents, analysing");
  const [row] = (await opened.rows())[0].children;
  assert.strictEqual(row.label, "canary 2.0.0: step 2 of 2, 50 % of the documents, analysing");
  await opened.abortCanary(LANGUAGES);
  assert.strictEqual(verdict(await canary()), "langid 2.0.0 was taken back: asked for in the editor");
  assert.strictEqual((await opened.guess(text, { key: "a" })).version, "1.0.0");
  await assert.rejects(opened.pauseCanary(LANGUAGES), (error) => error instanceof NoodleError && error.kind === "conflict");
});
