// The editor's side: commands, the status bar and the tree. What they do is in workbench.ts.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { NoodleError } from "noodle-deploy";
import * as vscode from "vscode";

import { Verdicts, canaryText, verdict } from "./canary.js";
import { LANGUAGES, type Row, Workbench, statusText } from "./workbench.js";

/** Time without a keystroke before the language is guessed again. */
const QUIET_MS = 300;
/** Time between two looks at a canary: no event tells what is found between its steps. */
const LOOK_MS = 1000;

let workbench: Workbench | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<Workbench> {
  const dir = context.globalStorageUri.fsPath;
  mkdirSync(dir, { recursive: true });
  const tree = new Tree();
  let canaries: Canaries | undefined;
  const opened = await Workbench.open(join(dir, "models"), context.asAbsolutePath("model/langid-v1.onnx"), () => {
    tree.refresh();
    canaries?.refresh();
  });
  workbench = opened;
  tree.show(opened);
  const status = new Status(opened);
  canaries = new Canaries(opened, tree);
  context.subscriptions.push(
    status,
    canaries,
    vscode.window.registerTreeDataProvider("noodle.deployments", tree),
    vscode.commands.registerCommand("noodle.refresh", () => tree.refresh()),
    command("noodle.deployFile", async (file?: vscode.Uri) => {
      const path = file ?? (await pick());
      if (path === undefined) return;
      const { desired, serving } = await opened.deploy(path.fsPath);
      const newest = desired.revisions.at(-1)?.version;
      const what = serving === newest ? "serves" : "is ready; promote it to give it the traffic";
      void vscode.window.showInformationMessage(`${desired.name} ${newest ?? ""} ${what}`);
    }),
    command("noodle.deployCanary", async (file?: vscode.Uri) => {
      // Without a file it is the larger language model, which came with the extension.
      const path = file?.fsPath ?? context.asAbsolutePath("model/langid-v2.onnx");
      const { desired, serving } = await opened.deployCanary(path, file === undefined ? LANGUAGES : undefined);
      const newest = desired.revisions.at(-1)?.version;
      const what = serving === newest ? "serves" : "is tried on a share of the documents";
      void vscode.window.showInformationMessage(`${desired.name} ${newest ?? ""} ${what}`);
    }),
    canaryCommand("noodle.pauseCanary", opened, (deployment) => opened.pauseCanary(deployment)),
    canaryCommand("noodle.resumeCanary", opened, (deployment) => opened.resumeCanary(deployment)),
    canaryCommand("noodle.advanceCanary", opened, (deployment) => opened.advanceCanary(deployment)),
    canaryCommand("noodle.abortCanary", opened, (deployment) => opened.abortCanary(deployment)),
    command("noodle.promote", async (row?: Row) => {
      const name = row?.deployment ?? (await choose(opened));
      if (name !== undefined) await opened.promote(name);
      status.refresh();
    }),
    command("noodle.rollback", async (row?: Row) => {
      const name = row?.deployment ?? (await choose(opened));
      if (name !== undefined) await opened.rollback(name);
      status.refresh();
    }),
  );
  return opened;
}

export async function deactivate(): Promise<void> {
  await workbench?.close();
  workbench = undefined;
}

/** A command whose errors are shown. */
function command<A extends unknown[]>(name: string, run: (...args: A) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (...args: A) => {
    try {
      const progress = { location: vscode.ProgressLocation.Window, title: "noodle" };
      await vscode.window.withProgress(progress, () => run(...args));
    } catch (error) {
      if (!(error instanceof NoodleError)) throw error;
      void vscode.window.showErrorMessage(String(error));
    }
  });
}

/** A command on a canary: the one of a line of the tree, or one that is under way. */
function canaryCommand(
  name: string,
  workbench: Workbench,
  run: (deployment: string) => Promise<void>,
): vscode.Disposable {
  return command(name, async (row?: Row) => {
    const deployment = row?.deployment ?? (await chooseCanary(workbench));
    if (deployment !== undefined) await run(deployment);
  });
}

async function chooseCanary(workbench: Workbench): Promise<string | undefined> {
  const names = (await workbench.canaries()).filter((of) => of.underWay).map((of) => of.deployment);
  if (names.length === 0) void vscode.window.showInformationMessage("no canary is under way");
  return names.length > 1 ? vscode.window.showQuickPick(names) : names[0];
}

async function pick(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({ filters: { "ONNX models": ["onnx"] }, openLabel: "Deploy" });
  return files?.[0];
}

async function choose(workbench: Workbench): Promise<string | undefined> {
  const rows = await workbench.rows();
  return vscode.window.showQuickPick(rows.map(({ label }) => label));
}

class Tree implements vscode.TreeDataProvider<Row> {
  private readonly emitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private workbench: Workbench | undefined;

  show(workbench: Workbench): void {
    this.workbench = workbench;
    this.refresh();
  }

  refresh(): void {
    this.emitter.fire(undefined);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const top = row.children.length > 0;
    const icon = row.phase !== undefined ? "beaker" : top ? "pass" : "circle-small";
    const item = new vscode.TreeItem(
      row.label,
      top ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
    );
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new vscode.ThemeIcon(row.healthy ? icon : "warning");
    if (top) item.contextValue = "deployment";
    if (row.phase !== undefined) item.contextValue = `canary-${row.phase}`;
    return item;
  }

  getChildren(row?: Row): Promise<Row[]> | Row[] {
    return row?.children ?? this.workbench?.rows() ?? [];
  }
}

/** The language of the file that is open, guessed again when the editor is quiet. */
class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("noodle.language", vscode.StatusBarAlignment.Right, 100);
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private running: AbortController | undefined;

  constructor(private readonly workbench: Workbench) {
    this.item.name = "Language by model";
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.refresh()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.refresh();
      }),
    ];
    this.refresh();
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.timer = setTimeout(() => void this.show(), QUIET_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    vscode.Disposable.from(this.item, ...this.listeners).dispose();
  }

  private async show(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const running = new AbortController();
    this.running = running;
    try {
      const options = { key: document?.uri.toString() ?? "", signal: running.signal };
      const guess = document === undefined ? undefined : await this.workbench.guess(document.getText(), options);
      if (running.signal.aborted) return;
      this.item.text = guess === undefined ? "" : `$(symbol-misc) ${statusText(guess)}`;
      this.item.tooltip = guess === undefined ? "" : `says langid ${guess.version}`;
      if (guess === undefined) this.item.hide();
      else this.item.show();
    } catch (error) {
      // A newer request takes this one's place, or the editor closes.
      if (!(error instanceof NoodleError)) throw error;
      if (error.kind === "cancelled" || error.kind === "closed") return;
      this.item.text = "$(warning) noodle";
      this.item.tooltip = String(error);
      this.item.show();
    }
  }
}

/** The canaries that are under way, looked at while there are any; how each ends is said once. */
class Canaries implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("noodle.canary", vscode.StatusBarAlignment.Right, 99);
  private readonly verdicts = new Verdicts();
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  private looks = Promise.resolve();

  constructor(
    private readonly workbench: Workbench,
    private readonly tree: Tree,
  ) {
    this.item.name = "Canary";
    this.item.command = "noodle.deployments.focus";
    this.refresh();
  }

  refresh(): void {
    // One look after the other: of two at once the older one could be shown last.
    this.looks = this.looks.then(() => this.look());
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.item.dispose();
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    if (this.disposed) return;
    try {
      const canaries = await this.workbench.canaries();
      for (const ended of this.verdicts.ended(canaries)) void vscode.window.showInformationMessage(verdict(ended));
      const open = canaries.filter((of) => of.underWay);
      this.item.text = `$(beaker) ${open.map(canaryText).join("; ")}`;
      this.item.tooltip = open.map((of) => `${of.deployment} ${of.version}: ${of.reason}\n${of.findings}`).join("\n\n");
      if (open.length === 0) return this.item.hide();
      this.item.show();
      this.timer = setTimeout(() => {
        this.tree.refresh();
        this.refresh();
      }, LOOK_MS);
    } catch (error) {
      // The editor closes.
      if (!(error instanceof NoodleError && error.kind === "closed")) throw error;
    }
  }
}
