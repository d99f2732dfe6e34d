// Compiled, not run: a program that leans on the types as an application would.

import {
  ERROR_KINDS,
  type DeploymentView,
  type ErrorKind,
  type EventRecord,
  type Inputs,
  type LogRecord,
  type LoggerOptions,
  Noodle,
  NoodleError,
  type Operations,
  type Prediction,
  type Ranked,
  type Session,
  type Settings,
  type Tensor,
  open,
  setLogger,
} from "noodle-deploy";

const settings: Settings = { actor: "ann", max_deployments: null, workers: 2 };

export async function example(dir: string): Promise<Ranked[]> {
  await using noodle: Noodle = await open(dir, settings);
  const { version } = await noodle.registerVersion({ model: "langid", path: "langid.onnx", tags: { stage: "test" } });
  const view: DeploymentView = await noodle.deploy({ deployment: "langid", version, strategy: "blue_green" });
  const serving: string | undefined = view.serving;
  const viewer: Operations = noodle.as({ actor: "vic", role: "viewer" });
  const { sequence }: { sequence: string } = await viewer.auditHead();
  const inputs: Inputs = {
    a: new Float32Array(4),
    b: { dtype: "bool", shape: [2], data: new Uint8Array(2) },
    c: ["text"],
    d: { dtype: "i64", data: [1, 2n] },
  };
  const answer = await noodle.predict("langid", inputs, { timeoutMs: 10, signal: AbortSignal.timeout(100) });
  const tensor: Tensor = answer.output("y");
  if (tensor.dtype === "i64") BigInt.asIntN(64, tensor.data[0] ?? 0n);
  else if (tensor.dtype === "string") tensor.data.join();
  using session: Session = await noodle.session("langid", { version });
  const heard: Prediction = await session.predict(inputs, { timeoutMs: 10, signal: AbortSignal.timeout(100) });
  for await (const next of noodle.predictStream(heard.served.deployment, inputs)) next.top(1);
  // @ts-expect-error: a session keeps its version
  await session.predict(inputs, { version });
  for await (const item of noodle.subscribe({ ref: true })) {
    if ("lagged" in item) continue;
    const record: EventRecord = item;
    if (record.event.type === "promoted") return rows(record.event.to, sequence, serving, answer.top(3));
  }
  await noodle.backup({ to: "copy" }, { progress: ({ stage, done, total }) => void [stage, done, total ?? 0] });
  // @ts-expect-error: nothing to report
  await noodle.listModels({ progress: () => undefined });
  // @ts-expect-error: a name that is not there
  await noodle.deploy({ deployment: "langid", colour: "red" });
  // @ts-expect-error: a strategy that is not there
  await noodle.deploy({ deployment: "langid", strategy: "sudden" });
  // @ts-expect-error: `deployment` is missing
  await noodle.scale({ replicas: 2 });
  return [];
}

function rows(to: number, sequence: string, serving: string | undefined, ranked: Ranked[][]): Ranked[] {
  return [...(ranked[0] ?? []), [`${serving ?? "nobody"} at ${sequence}`, to]];
}

export function logging(lines: string[]): void {
  const options: LoggerOptions = { level: "debug" };
  setLogger(({ level, target, message, fields }: LogRecord) => {
    // @ts-expect-error: nothing is said at this level
    if (level === "off") return;
    lines.push(level === "error" ? message.toUpperCase() : `${target} ${message} ${fields["revision"] ?? ""}`);
  }, options);
  // @ts-expect-error: a level that is not there
  setLogger(null, { level: "loud" });
  // @ts-expect-error: null, or a function
  setLogger("console");
}

export function advice(error: unknown): string {
  if (!(error instanceof NoodleError)) throw error;
  const kind: ErrorKind = error.kind;
  switch (kind) {
    case "not_found":
      return error.context["model"] ?? "nothing";
    case "unavailable":
      return "later";
    default:
      return ERROR_KINDS.find((row) => row.kind === kind)?.description ?? error.summary;
  }
}
