// The editor's side: commands, the status bar and the tree. What they do is in workbench.ts.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { NoodleError } from "noodle-deploy";
import * as vscode from "vscode";

import { type Row, Workbench, statusText } from "./workbench.js";

/** Time without a keystroke before the language is guessed again. */
const QUIET_MS = 300;

let workbench: Workbench | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<Workbench> {
  const dir = context.globalStorageUri.fsPath;
  mkdirSync(dir, { recursive: true });
  const tree = new Tree();
  const opened = await Workbench.open(join(dir, "models"), context.asAbsolutePath("model/langid-v2.onnx"), () => {
    tree.refresh();
  });
  workbench = opened;
  tree.show(opened);
  const status = new Status(opened);
  context.subscriptions.push(
    status,
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
    const item = new vscode.TreeItem(
      row.label,
      top ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
    );
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new vscode.ThemeIcon(row.healthy ? (top ? "pass" : "circle-small") : "warning");
    if (top) item.contextValue = "deployment";
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
    const text = vscode.window.activeTextEditor?.document.getText();
    const running = new AbortController();
    this.running = running;
    try {
      const guess = text === undefined ? undefined : await this.workbench.guess(text, running.signal);
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
