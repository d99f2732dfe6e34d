// What the extension does, without the editor: everything here runs and is tested in plain Node.

import { basename, extname } from "node:path";

import {
  type Deployment,
  type DeploymentView,
  type Noodle,
  type PredictAsyncOptions,
  type RolloutPhase,
  type Settings,
  open,
} from "noodle-deploy";

import { CANARY, type Canary, canaryOf, canaryText } from "./canary.js";

/** The deployment behind the status bar. */
export const LANGUAGES = "langid";
/** The language model looks at the first bytes of a file; 256 stands for "no byte". */
const WINDOW = 8192;
/** Why something changes by a command. */
const ASKED = "asked for in the editor";

/** What the status bar shows. */
export interface Guess {
  language: string;
  /** From 0 to 1. */
  confidence: number;
  /** Version of the model that answered. */
  version: string;
}

/** A line of the tree. */
export interface Row {
  label: string;
  description: string;
  tooltip: string;
  /** Name of the deployment that the line belongs to. */
  deployment: string;
  /** Whether it serves as desired. */
  healthy: boolean;
  /** Where a rollout stands, on the line of one. */
  phase?: RolloutPhase;
  children: Row[];
}

/** The models of one directory. */
export class Workbench {
  private constructor(
    readonly noodle: Noodle,
    private readonly changed: () => void,
  ) {}

  /** Opens the directory and deploys the language model that came with the extension, where it is not there yet. */
  static async open(dir: string, languageModel: string, changed: () => void, settings?: Settings): Promise<Workbench> {
    // An editor has no use for models that were never tried, but a file from the explorer brings no probes.
    const noodle = await open(dir, { actor: "editor", allow_unverified: true, load_on_open: false, ...settings });
    const workbench = new Workbench(noodle, changed);
    void workbench.follow();
    const { deployments } = await noodle.listDeployments();
    const known = deployments.some(({ desired }) => desired.name === LANGUAGES);
    if (!known) await workbench.deploy(languageModel, LANGUAGES);
    return workbench;
  }

  /**
   * Registers a file as the next version of a model named like it and deploys that. The first version serves at once;
   * a later one waits beside it for `promote`.
   */
  async deploy(file: string, name = modelName(file)): Promise<DeploymentView> {
    const { version } = await this.noodle.registerVersion({ model: name, path: file });
    const { deployments } = await this.noodle.listDeployments();
    const serves = deployments.some(({ desired }) => desired.name === name && desired.state === "running");
    const strategy = serves ? "blue_green" : "immediate";
    return this.noodle.deploy({ deployment: name, version, strategy });
  }

  /**
   * Registers a file as the next version and gives it a share of the documents, then more, as long as it is found to be
   * no worse. Where nothing serves it serves at once.
   */
  async deployCanary(file: string, name = modelName(file)): Promise<DeploymentView> {
    const { version } = await this.noodle.registerVersion({ model: name, path: file });
    return this.noodle.deploy({ deployment: name, version, canary: CANARY });
  }

  /** The last rollout of each deployment that had one. */
  async canaries(): Promise<Canary[]> {
    const { deployments } = await this.noodle.listDeployments();
    const found = await Promise.all(deployments.map(({ desired }) => this.canary(desired)));
    return found.filter((canary) => canary !== undefined);
  }

  /** Leaves the canary its share, and lets no step pass. */
  async pauseCanary(deployment: string): Promise<void> {
    await this.noodle.pauseRollout({ deployment, reason: ASKED });
  }

  /** Lets a canary be judged again. */
  async resumeCanary(deployment: string): Promise<void> {
    await this.noodle.resumeRollout({ deployment, reason: ASKED });
  }

  /** Gives a canary the share of its next step, or all, whatever is shown. */
  async advanceCanary(deployment: string): Promise<void> {
    await this.noodle.advanceRollout({ deployment, reason: ASKED });
  }

  /** Takes a canary back. */
  async abortCanary(deployment: string): Promise<void> {
    await this.noodle.abortRollout({ deployment, reason: ASKED });
  }

  /** Gives the traffic to the newest revision. */
  promote(deployment: string): Promise<DeploymentView> {
    return this.noodle.promote({ deployment });
  }

  /** Gives the traffic back to the revision before. */
  rollback(deployment: string): Promise<DeploymentView> {
    return this.noodle.rollback({ deployment, reason: ASKED });
  }

  /**
   * Guesses the language of a text; nothing where there is too little of it. Texts of one key, as a document's address,
   * stay with one version while a canary is tried.
   */
  async guess(text: string, options: PredictAsyncOptions = {}): Promise<Guess | undefined> {
    const source = Buffer.from(text.slice(0, WINDOW), "utf8").subarray(0, WINDOW);
    if (source.length < 16) return undefined;
    const data = new Int32Array(WINDOW).fill(256);
    data.set(source);
    const answer = await this.noodle.predict(LANGUAGES, { bytes: { shape: [1, WINDOW], data } }, options);
    const best = answer.top(1)[0]?.[0];
    return best && { language: best[0], confidence: best[1], version: answer.version };
  }

  /** The tree: deployments, and below each its revisions with what they answered. */
  async rows(): Promise<Row[]> {
    const [{ deployments }, health, metrics] = await Promise.all([
      this.noodle.listDeployments(),
      this.noodle.getHealth(),
      this.noodle.getMetrics(),
    ]);
    const canaries = await Promise.all(deployments.map(({ desired }) => this.canary(desired)));
    return deployments.map(({ desired, serving, lagging }, place) => {
      const { name } = desired;
      const canary = canaries[place];
      const verdict = health.deployments.find(({ deployment }) => deployment === name);
      const healthy = verdict === undefined ? desired.state === "stopped" : verdict.health === "healthy";
      const notes = [desired.cause, lagging, verdict?.last_error].filter((note) => note !== undefined);
      const children = desired.revisions.map((revision): Row => {
        const measured = metrics.deployments[name]?.find((row) => row.revision === revision.number)?.requests;
        const answered = measured ? `, ${measured.requests} answered, median ${latency(measured.latency_p50_us)}` : "";
        return {
          label: `${revision.version} (${revision.status})`,
          description: `revision ${revision.number}${answered}`,
          tooltip: revision.note ?? "",
          deployment: name,
          healthy: revision.status !== "failed",
          children: [],
        };
      });
      return {
        label: name,
        description: `${serving ?? "nothing"} serves, ${verdict?.health ?? desired.state}`,
        tooltip: [`${desired.replicas} replicas of ${desired.model}, ${desired.state}`, ...notes].join("\n"),
        deployment: name,
        healthy,
        children: [...(canary === undefined ? [] : [canaryRow(canary)]), ...children.reverse()],
      };
    });
  }

  /** Lets the directory go. */
  close(): Promise<void> {
    return this.noodle.close();
  }

  private async canary(deployment: Deployment): Promise<Canary | undefined> {
    if (deployment.rollout === undefined) return undefined;
    return canaryOf(deployment, await this.noodle.getRollout({ deployment: deployment.name }));
  }

  private async follow(): Promise<void> {
    // Ends with the handle.
    for await (const _ of this.noodle.subscribe()) this.changed();
  }
}

/** A model's name for a file: letters, digits, dots, dashes and underscores. */
export function modelName(file: string): string {
  const stem = basename(file, extname(file)).toLowerCase();
  return stem.replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+|-+$/g, "") || "model";
}

/** What the status bar says. */
export function statusText(guess: Guess | undefined): string {
  return guess ? `${guess.language} ${Math.round(guess.confidence * 100)} %` : "";
}

function canaryRow(canary: Canary): Row {
  return {
    label: `canary ${canaryText(canary)}`,
    description: canary.underWay ? canary.findings : canary.reason,
    tooltip: `${canary.reason}\n${canary.findings}`,
    deployment: canary.deployment,
    healthy: canary.phase !== "aborted" && canary.phase !== "inconclusive",
    phase: canary.phase,
    children: [],
  };
}

function latency(us: number): string {
  return us < 1000 ? `${Math.round(us)} µs` : `${(us / 1000).toFixed(1)} ms`;
}
