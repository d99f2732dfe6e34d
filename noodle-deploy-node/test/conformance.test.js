"use strict";

// Runs the conformance cases through the typed methods. See conformance/README.md.

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const { Noodle, NoodleError, addon, examples, models, root, temporary } = require("./support/library.js");
const { difference, replace } = require("./support/matching.js");
const { fromTensor, toTensor } = require("./support/tensors.js");

const cases = path.join(root, "conformance", "cases");
/** Integers beyond 53 bits. They do not occur inside of strings. */
const LONG = /(?<=[[,:]\s*)-?\d{16,}(?=\s*[,\]}])/g;

for (const name of fs.readdirSync(cases).sort()) {
  const text = fs.readFileSync(path.join(cases, name), "utf8");
  const spec = JSON.parse(text.replace(LONG, '"$&"'));
  test(spec.name, (t) => run(t, spec));
}

async function run(t, spec) {
  const tmp = temporary(t);
  const paths = Object.entries({ $DIR: path.join(tmp, "dir"), $TMP: tmp, $EXAMPLES: examples, $MODELS: models });
  const names = paths.map(([name, path]) => [path, name]);
  for (const [file, content] of Object.entries(spec.files ?? {})) {
    fs.writeFileSync(path.join(tmp, file), typeof content === "string" ? content : JSON.stringify(content));
  }
  const fixture = new addon.Fixture(spec.seed, spec.clock);
  const runner = { fixture, paths, noodle: undefined };
  t.after(() => runner.noodle?.close());
  await open(runner, { settings: spec.settings });
  for (const [i, step] of spec.steps.entries()) {
    fixture.advance(step.advance_ms ?? 0);
    const found = {};
    try {
      found.output = replace(await perform(runner, step), names);
    } catch (error) {
      if (!(error instanceof NoodleError)) throw error;
      found.error = replace(record(error), names);
    }
    for (const side of ["error", "output"]) {
      const at = `${spec.name}, step ${i}: ${side}`;
      const differs = difference(step[side], found[side], step.tolerance ?? 0, at);
      assert.ok(differs === undefined, differs);
    }
  }
}

async function open(runner, { directory = "$DIR", settings = {} }) {
  // The last handle must be closed, or an open of the same directory shares it.
  await runner.noodle?.close();
  runner.noodle = undefined;
  const [error, handle] = await runner.fixture.open(replace(directory, runner.paths), settings);
  if (error) throw new NoodleError(error);
  runner.noodle = new Noodle(handle);
}

async function perform(runner, step) {
  const { noodle, paths } = runner;
  if (step.op !== undefined) {
    const given = step.actor !== undefined || step.role !== undefined;
    const caller = given ? noodle.as({ actor: step.actor, role: step.role }) : noodle;
    const method = step.op.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const input = replace(step.input, paths);
    return typeof caller[method] === "function" ? caller[method](input) : caller.call(step.op, input);
  }
  if (step.predict !== undefined) return predict(noodle, step.predict);
  if (step.reopen !== undefined) return open(runner, step.reopen).then(() => ({}));
  fs.writeFileSync(replace(step.write.path, paths), step.write.text);
  return {};
}

/** Asks in both ways, which must agree. */
async function predict(noodle, { deployment, inputs, version, timeout_ms: timeoutMs }) {
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, toTensor(data)]));
  const answer = noodle.predictSync(deployment, tensors, { version, timeoutMs });
  const { served } = answer;
  const outputs = Object.fromEntries(Object.entries(answer.outputs).map(([name, t]) => [name, fromTensor(t)]));
  const { revision, model } = served;
  const shown = { deployment: served.deployment, revision, model, version: served.version, outputs };
  if (served.labels.length > 0) shown.labels = answer.top(1).map(([[label]]) => label);
  return shown;
}

function record(error) {
  const { code, kind, message, operation, context, retryable } = error;
  return { code, kind, message, operation, context, retryable };
}
