// Installs a real editor, and what drives its page in a browser, for test/editor/.
//
// node scripts/editor.mjs DIR. It takes about 300 MB. A second time there it does nothing.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const wanted = join(dirname(dirname(fileURLToPath(import.meta.url))), "test", "editor", "package.json");
const dir = process.argv[2];
if (dir === undefined) throw new Error("where to? `cargo xtask test editor` has a place for it");

function npm(where, ...args) {
  const options = { cwd: where, stdio: "inherit", shell: process.platform === "win32" };
  const { error, status } = spawnSync("npm", [...args, "--no-audit", "--no-fund", "--no-package-lock"], options);
  if (error ?? status !== 0) throw error ?? new Error(`npm ${args.join(" ")} failed (${status})`);
}

const done = join(dir, "installed.json");
if (!existsSync(done) || readFileSync(done, "utf8") !== readFileSync(wanted, "utf8")) {
  mkdirSync(dir, { recursive: true });
  cpSync(wanted, join(dir, "package.json"));
  // Its own scripts compile and fetch more than a page with one extension needs: terminals, search, logs, sign-in.
  npm(dir, "install", "--ignore-scripts");
  const server = join(dir, "node_modules", "code-server");
  npm(join(server, "lib", "vscode"), "install", "--ignore-scripts", "--omit=dev");
  npm(dir, "rebuild", "argon2");
  cpSync(wanted, done);
}
