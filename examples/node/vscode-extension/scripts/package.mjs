// Packs the extension with the library into a .vsix.
//
// node scripts/package.mjs TARBALL; `cargo xtask package node` makes the tarball.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tarball = process.argv[2];
if (tarball === undefined) throw new Error("which tarball? `cargo xtask package node` makes one");

function run(program, args, cwd) {
  const { error, status } = spawnSync(program, args, { cwd, stdio: "inherit" });
  if (error ?? status !== 0) throw error ?? new Error(`${program} ${args.join(" ")} failed (${status})`);
}

const stage = mkdtempSync(join(tmpdir(), "noodle-vsix-"));
try {
  for (const name of ["dist", "model", "README.md", ".vscodeignore"]) {
    cpSync(join(root, name), join(stage, name), { recursive: true });
  }
  cpSync(join(root, "..", "..", "..", "LICENSE"), join(stage, "LICENSE"));
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  delete manifest.devDependencies;
  delete manifest.scripts;
  manifest.dependencies["noodle-deploy"] = `file:${resolve(tarball)}`;
  writeFileSync(join(stage, "package.json"), JSON.stringify(manifest, null, 2));
  run("npm", ["install", "--omit=dev", "--offline", "--no-audit", "--no-fund", "--no-package-lock"], stage);
  const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
  const target = `${process.platform}-${process.arch}`;
  const out = join(root, `${manifest.name}-${manifest.version}-${target}.vsix`);
  run(process.execPath, [vsce, "package", "--target", target, "--out", out, "--allow-missing-repository"], stage);
} finally {
  rmSync(stage, { recursive: true });
}
