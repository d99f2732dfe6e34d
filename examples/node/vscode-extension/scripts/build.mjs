// Compiles the extension and puts the language models beside it.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, "dist"), { recursive: true, force: true });
mkdirSync(join(root, "model"), { recursive: true });
for (const name of ["langid-v1.onnx", "langid-v2.onnx"]) {
  cpSync(join(root, "..", "..", "models", name), join(root, "model", name));
}
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
process.exit(spawnSync(process.execPath, [compiler, "--project", root], { stdio: "inherit" }).status ?? 1);
