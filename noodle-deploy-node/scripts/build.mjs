// Compiles the add-on and the TypeScript sources.
//
// node scripts/build.mjs [--no-addon]
//
// NOODLE_PROFILE: cargo's profile, `dev` (dependencies optimised; the default) or `dist`.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);

function run(program, args, options = {}) {
  const shell = process.platform === "win32" && program === "npm";
  const { error, status, stdout } = spawnSync(program, args, { cwd: root, stdio: "inherit", shell, ...options });
  if (error) throw new Error(`${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed (${status})`);
  return stdout;
}

function buildAddon() {
  const profile = process.env.NOODLE_PROFILE ?? "dev";
  run("cargo", ["build", "--package", "noodle-deploy-node", "--profile", profile]);
  const metadata = run("cargo", ["metadata", "--format-version=1", "--no-deps"], {
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 << 20,
  });
  const name = { win32: "noodle_deploy_node.dll", darwin: "libnoodle_deploy_node.dylib" }[process.platform];
  const { target_directory } = JSON.parse(metadata);
  const library = join(target_directory, profile === "dev" ? "debug" : profile, name ?? "libnoodle_deploy_node.so");
  // A process may have the old file mapped: replace it rather than write into it.
  rmSync(inRoot("noodle_deploy.node"), { force: true });
  cpSync(library, inRoot("noodle_deploy.node"));
}

function buildSources() {
  const compiler = inRoot("node_modules", "typescript", "bin", "tsc");
  if (!existsSync(compiler)) run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  rmSync(inRoot("dist"), { recursive: true, force: true });
  const formats = {
    esm: { type: "module", options: ["--module", "esnext", "--moduleResolution", "bundler"] },
    cjs: { type: "commonjs", options: [] },
  };
  for (const [format, { type, options }] of Object.entries(formats)) {
    const out = inRoot("dist", format);
    run(process.execPath, [compiler, "--project", root, "--outDir", out, ...options]);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "package.json"), `${JSON.stringify({ type })}\n`);
    for (const file of ["addon.cjs", "addon.d.cts"]) cpSync(inRoot("src-ts", file), join(out, file));
  }
}

if (!process.argv.includes("--no-addon")) buildAddon();
buildSources();
