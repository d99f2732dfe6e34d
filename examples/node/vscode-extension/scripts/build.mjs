// Compiles the extension and puts the language model beside it.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, "dist"), { recursive: true, force: true });
mkdirSync(join(root, "model"), { recursive: true });
cpSync(join(root, "..", "..", "models", "langid-v2.onnx"), join(root, "model", "langid-v2.onnx"));
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
process.exit(spawnSync(process.execPath, [compiler, "--project", root], { stdio: "inherit" }).status ?? 1);
