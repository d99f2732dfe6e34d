// What a rollout by steps says of itself, in words. No editor and no models here.

import type { CanaryConfig, Deployment, Findings, Rollout, RolloutPhase, RolloutView } from "noodle-deploy";

/**
 * How traffic moves to a canary. One editor asks some times a minute, so shares are large and margins wide, or nothing
 * would be shown within a day. A slower model is welcome: nobody waits for the status bar.
 */
export const CANARY: CanaryConfig = {
  steps: [2_500, 5_000].map((weight) => ({ weight, min_requests: 25 })),
  analysis: { error_margin: 0.1, latency_ratio: 100 },
};

/** A rollout as it is shown. */
export interface Canary {
  deployment: string;
  /** Number of the revision that is tried; another one is another rollout. */
  revision: number;
  /** Version that is tried. */
  version: string;
  phase: RolloutPhase;
  /** Whether it still goes on. */
  underWay: boolean;
  /** Step, share and phase; of one that has ended, what became of it. */
  standing: string;
  /** Why it stands there. */
  reason: string;
  /** What is found, in a sentence. */
  findings: string;
}

/** The last rollout of a deployment; nothing where there was none. */
export function canaryOf(deployment: Deployment, { rollout, findings }: RolloutView): Canary | undefined {
  if (rollout === undefined) return undefined;
  const { candidate, phase, reason } = rollout;
  const version = (number: number) => deployment.revisions.find((of) => of.number === number)?.version ?? "?";
  const underWay = phase !== "completed" && phase !== "aborted";
  return {
    deployment: deployment.name,
    revision: candidate,
    version: version(candidate),
    phase,
    underWay,
    standing: underWay ? standing(rollout) : phase === "completed" ? "serves" : "taken back",
    reason,
    findings: sentence(findings ?? rollout.findings),
  };
}

/** What the status bar says. */
export function canaryText({ version, standing }: Canary): string {
  return `${version}: ${standing}`;
}

/** What is said when a rollout ends. */
export function verdict({ deployment, version, phase, reason }: Canary): string {
  return `${deployment} ${version} ${phase === "completed" ? "serves" : "was taken back"}: ${reason}`;
}

/** Notices the ends of rollouts. What had ended before it looked for the first time is no news. */
export class Verdicts {
  private open = new Map<string, number>();

  /** Those that were under way at the last look and are no longer. */
  ended(canaries: Canary[]): Canary[] {
    const before = this.open;
    this.open = new Map(canaries.filter((of) => of.underWay).map((of) => [of.deployment, of.revision]));
    return canaries.filter((of) => !of.underWay && before.get(of.deployment) === of.revision);
  }
}

function standing({ canary, step, weight, phase }: Rollout): string {
  return `step ${step + 1} of ${canary.steps?.length ?? "?"}, ${share(weight / 10_000)} of the documents, ${phase}`;
}

function sentence(findings: Findings | undefined): string {
  if (findings === undefined) return "Nothing is found yet.";
  const of = (rate: number, requests: string) => `${share(rate)} of ${requests} requests`;
  const candidate = of(findings.candidate_error_rate, findings.candidate_requests);
  const baseline = of(findings.baseline_error_rate, findings.baseline_requests);
  const ratio = findings.latency_ratio;
  const slower = ratio === undefined ? "" : `; it takes ${ratio.toFixed(2)} times as long`;
  return `It fails ${candidate}, the one that serves ${baseline}${slower}.`;
}

function share(part: number): string {
  return `${Number((100 * part).toFixed(2))} %`;
}
