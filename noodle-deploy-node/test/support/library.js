"use strict";

// What the tests share: the library, the add-on behind it, the models, and temporary directories.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const library = require("noodle-deploy");
const addon = require("../../noodle_deploy.node");

const root = path.join(__dirname, "..", "..", "..");
const examples = path.join(root, "examples", "models");
const models = path.join(root, "conformance", "models");

/** A directory that is gone when the test ends. */
function temporary(t) {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "noodle-node-")));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** An open directory with one model that serves under its name; closed when the test ends. */
async function serving(t, file, settings = {}) {
  const noodle = await library.open(path.join(temporary(t), "dir"), settings);
  t.after(() => noodle.close());
  await noodle.registerVersion({ model: "m", path: file });
  await noodle.deploy({ deployment: "m" });
  return noodle;
}

module.exports = { ...library, addon, examples, models, root, serving, temporary };
