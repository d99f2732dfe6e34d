// Runs when the package is installed: nothing to do where the packed add-on loads, else a build from source.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function loads() {
  try {
    createRequire(import.meta.url)(join(root, "dist", "cjs", "index.js"));
    return true;
  } catch (error) {
    console.log(`the add-on is not there yet: ${error.message.split("\n")[0]}`);
    return false;
  }
}

if (!loads()) {
  const script = join(root, "scripts", "build.mjs");
  if (!existsSync(script)) {
    console.error(`noodle-deploy has no add-on for ${process.platform}-${process.arch}; build it from source`);
    process.exit(1);
  }
  process.exit(spawnSync(process.execPath, [script], { stdio: "inherit" }).status ?? 1);
}
