"""Deploys a real model, predicts, puts a better version beside it, compares, promotes, and rolls back.

`python examples/python/quickstart.py [DIRECTORY]`; without a directory it uses a temporary one.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import noodle_deploy

MODELS = Path(__file__).resolve().parents[1] / "models"
SAMPLES = ["hello.rs", "hello.py", "hello.go"]
WINDOW = 8192  # The models look at the first bytes of a file; 256 stands for "no byte".


def register(noodle: noodle_deploy.Noodle, version: str) -> None:
    stem = MODELS / f"langid-v{version[0]}"
    metrics = json.loads(stem.with_suffix(".json").read_text())["metrics"]
    noodle.register_version(
        model="langid",
        path=stem.with_suffix(".onnx"),
        version=version,
        probes_path=stem.with_suffix(".probe.json"),
        metrics={name: value for name, value in metrics.items() if isinstance(value, float)},
    )


def guess(noodle: noodle_deploy.Noodle, step: str) -> list[str]:
    """Asks the deployment about three files: who answered, and the best label of each."""
    window = np.full((len(SAMPLES), WINDOW), 256, np.int32)
    for row, sample in zip(window, SAMPLES):
        text = np.frombuffer((MODELS / "samples" / sample).read_bytes(), np.uint8)[:WINDOW]
        row[: len(text)] = text
    answer = noodle.predict("langid", {"bytes": window})
    return [step, answer.version, *(f"{label} {p:.2f}" for [(label, p)] in answer.top(1))]


def main(dir: Path) -> None:
    with noodle_deploy.open(dir) as noodle:
        register(noodle, "1.0.0")
        noodle.deploy(deployment="langid", version="1.0.0")
        rows = [guess(noodle, "deployed 1.0.0")]

        # The second version comes up beside the first one; traffic stays where it is until somebody promotes.
        register(noodle, "2.0.0")
        noodle.deploy(deployment="langid", version="2.0.0", strategy="blue_green")
        comparison = noodle.compare_versions(model="langid", base="1.0.0", candidate="2.0.0")

        noodle.promote(deployment="langid")
        rows.append(guess(noodle, "promoted 2.0.0"))

        noodle.rollback(deployment="langid")
        rows.append(guess(noodle, "rolled back"))

        print(f"2.0.0 against 1.0.0: {comparison.compatibility}")
        for metric, m in comparison.metrics.items():
            if m.base is not None and m.candidate is not None:
                print(f"  {metric:<28} {m.base:>9.4f} -> {m.candidate:>9.4f}")
        for row in [["step", "version", *SAMPLES], *rows]:
            print("{:<16} {:<8} {:<24} {:<24} {:<24}".format(*row))

        head = noodle.audit_head()
        verified = noodle.audit_verify(since=head, artifacts=True).head == head
        print(f"\nthe log has {head.sequence} events and verifies: {verified}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary, "state"))
