"use strict";

const assert = require("node:assert");
const test = require("node:test");

const noodle = require("..");
const manifest = require("../package.json");

test("version is that of the package", () => {
  assert.strictEqual(noodle.version(), manifest.version);
});
