"use strict";

// The native add-on. `scripts/build.mjs` puts this file beside the compiled sources, twice.

/** @returns {never} */
function fail(error) {
  const target = `${process.platform}-${process.arch}`;
  const hint = `run \`npm run build\` in the package to compile it (this is ${target}, Node ${process.versions.node})`;
  throw new Error(`noodle-deploy: the native add-on does not load: ${error.message}; ${hint}`, { cause: error });
}

function load() {
  try {
    return require("../../noodle_deploy.node");
  } catch (error) {
    return fail(error);
  }
}

module.exports = load();
