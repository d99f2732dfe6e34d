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
const { operations } = JSON.parse(fs.readFileSync(path.join(root, "docs", "reference", "operations.json"), "utf8"));
const NO_INPUT = new Set(operations.filter((o) => !o.input.properties).map((o) => o.name));
/** Numbers outside of strings. */
const NUMBER = /("(?:[^"\\]|\\.)*")|-?\d[-+.\deE]*/g;

for (const name of fs.readdirSync(cases).sort()) {
  const text = fs.readFileSync(path.join(cases, name), "utf8");
  // Integers beyond 53 bits become text, which a tensor of 64-bit integers takes too.
  const spec = JSON.parse(numbers(text, (digits) => (/^-?\d{16,}$/.test(digits) ? `"${digits}"` : digits)));
  // In files every number stays as it is written.
  const { files = {} } = JSON.parse(numbers(text, (digits) => `"number ${digits}"`));
  for (const way of ["predictSync", "predict"]) {
    test(`${spec.name}, ${way}`, (t) => run(t, spec, files, way));
  }
}

function numbers(text, change) {
  return text.replace(NUMBER, (found, string) => (string === undefined ? change(found) : found));
}

async function run(t, spec, files, way) {
  const tmp = temporary(t);
  const paths = Object.entries({ $DIR: path.join(tmp, "dir"), $TMP: tmp, $EXAMPLES: examples, $MODELS: models });
  const names = paths.map(([name, path]) => [path, name]);
  for (const [file, content] of Object.entries(files)) {
    const json = () => JSON.stringify(content).replace(/"number ([^"]*)"/g, "$1");
    fs.writeFileSync(path.join(tmp, file), typeof content === "string" ? content : json());
  }
  const fixture = new addon.Fixture(spec.seed, spec.clock);
  const runner = { fixture, paths, way, noodle: undefined, reports: [], sessions: {} };
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
    if (step.progress !== undefined) found.progress = runner.reports.splice(0);
    for (const side of ["error", "output", "progress"]) {
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
    // What does not belong there cannot be said to a method without a parameter, nor to one that does not exist.
    const raw = NO_INPUT.has(step.op) && Object.keys(input).length > 0;
    const options = step.progress && { progress: (report) => runner.reports.push(report) };
    if (raw || !(method in caller)) return caller.call(step.op, input, options);
    return NO_INPUT.has(step.op) ? caller[method](options) : caller[method](input, options);
  }
  if (step.predict !== undefined) return predict(runner, step.predict);
  if (step.session !== undefined) {
    const { name, deployment, version } = step.session;
    runner.sessions[name] = await noodle.session(deployment, { version });
    return who(runner.sessions[name].served);
  }
  if (step.reset_session !== undefined) return runner.sessions[step.reset_session].reset().then(() => ({}));
  if (step.end_session !== undefined) return runner.sessions[step.end_session].close() ?? {};
  if (step.reopen !== undefined) return open(runner, step.reopen).then(() => ({}));
  fs.writeFileSync(replace(step.write.path, paths), step.write.text);
  return {};
}

async function predict({ noodle, sessions, way }, step) {
  const { deployment, session, stream, inputs, version, timeout_ms: timeoutMs, priority, key, attributes } = step;
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, toTensor(data)]));
  const [asked, given] = session === undefined ? [noodle, [deployment]] : [sessions[session], []];
  if (stream) {
    const answers = [];
    for await (const answer of asked.predictStream(...given, tensors, { version, timeoutMs })) answers.push(show(answer));
    return { answers };
  }
  return show(await asked[way](...given, tensors, { version, timeoutMs, priority, key, attributes, requestId: step.request_id }));
}

function who({ deployment, revision, model, version }) {
  return { deployment, revision, model, version };
}

function show(answer) {
  const { served } = answer;
  const outputs = Object.fromEntries(Object.entries(answer.outputs).map(([name, t]) => [name, fromTensor(t)]));
  const shown = { ...who(served), outputs };
  if (served.labels.length > 0) shown.labels = answer.top(1).map(([[label]]) => label);
  return shown;
}

function record(error) {
  const { code, kind, summary: message, operation, context, retryable } = error;
  return { code, kind, message, operation, context, retryable };
}
