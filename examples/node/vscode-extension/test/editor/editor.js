"use strict";

// An editor of its own for a test: a server, a browser with its page, and directories that are gone afterwards.

const { execFileSync, spawn } = require("node:child_process");
const { once } = require("node:events");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { createInterface } = require("node:readline");

const extension = path.join(__dirname, "..", "..");
const installed = process.env.NOODLE_EDITOR;
const entry = installed && path.join(installed, "node_modules", "code-server", "out", "node", "entry.js");

/** Longest wait for anything in the page. */
const PATIENCE_MS = 20_000;

/** Debian's browser. */
function browserPath() {
  const dirs = (process.env.PATH ?? "").split(path.delimiter);
  const places = ["chromium", "chromium-browser"].flatMap((name) => dirs.map((dir) => path.join(dir, name)));
  return places.find((place) => fs.existsSync(place));
}

/** Why there can be no editor here. */
function missing() {
  if (entry === undefined || !fs.existsSync(entry)) return "NOODLE_EDITOR names no editor; `cargo xtask test editor`";
  if (browserPath() === undefined) return "chromium is not installed";
  if (packed() === undefined) return "no .vsix is packed; `cargo xtask package node`";
  return false;
}

function packed() {
  const names = fs.readdirSync(extension).filter((name) => name.endsWith(".vsix"));
  return names.map((name) => path.join(extension, name))[0];
}

/** Starts an editor with the packed extension and files by name. */
async function start(t, files) {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "noodle-editor-")));
  // What began last ends first: the directory goes when nobody writes into it.
  const ends = [() => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5 })];
  t.after(async () => {
    for (const end of ends.reverse()) await end();
  });
  const [data, folder] = [path.join(dir, "data"), path.join(dir, "folder")];
  fs.mkdirSync(folder);
  for (const [name, file] of Object.entries(files)) fs.copyFileSync(file, path.join(folder, name));
  const settings = { "workbench.startupEditor": "none", "workbench.tips.enabled": false };
  fs.mkdirSync(path.join(data, "User"), { recursive: true });
  fs.writeFileSync(path.join(data, "User", "settings.json"), JSON.stringify(settings));
  const common = ["--user-data-dir", data, "--extensions-dir", path.join(dir, "extensions")];
  const config = ["--config", path.join(dir, "config.yaml")];
  fs.writeFileSync(path.join(dir, "config.yaml"), "auth: none\n");
  const home = { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir, XDG_CACHE_HOME: dir };
  const options = { env: home, encoding: "utf8", stdio: "pipe" };
  execFileSync(process.execPath, [entry, ...config, ...common, "--install-extension", packed()], options);
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const address = await serve(ends, [...config, ...common, ...quiet, "--bind-addr", "127.0.0.1:0"], home);
  const page = await browse(ends);
  await page.goto(`${address}?folder=${encodeURIComponent(folder)}`);
  return { page, folder, storage: path.join(data, "User", "globalStorage", "noodle-deploy.noodle-deploy-vscode") };
}

/** Starts the server on a free port of this machine alone; returns its address. */
async function serve(ends, args, env) {
  // A group of its own, so that nothing that it starts is left.
  const stdio = ["ignore", "pipe", "ignore"];
  const server = spawn(process.execPath, [entry, ...args], { env, stdio, detached: true });
  ends.push(async () => {
    if (server.exitCode === null) {
      const exit = once(server, "exit");
      server.kill("SIGTERM");
      await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    }
    try {
      process.kill(-server.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  });
  const said = [];
  for await (const line of createInterface({ input: server.stdout })) {
    said.push(line);
    const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? [];
    if (address === undefined) continue;
    server.stdout.resume();
    return address;
  }
  throw new Error(`the editor ended:\n${said.join("\n")}`);
}

async function browse(ends) {
  const { chromium } = require(path.join(installed, "node_modules", "playwright-core"));
  // The page is our own, so the browser needs no sandbox, which it could not make as root.
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });
  ends.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

module.exports = { missing, start };
