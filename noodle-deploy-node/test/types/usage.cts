// Compiled, not run: the same package from CommonJS.

import noodle = require("noodle-deploy");

export function example(dir: string): number | undefined {
  using open = noodle.openSync(dir);
  const answer = open.predictSync("m", { x: { shape: [1, 4], data: new Float32Array(4) } }, { version: "1.0.0" });
  const { y } = answer.outputs;
  return y?.dtype === "f32" ? y.data[0] : undefined;
}
