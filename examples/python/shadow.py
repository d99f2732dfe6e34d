"""A better and slower version answers a copy of the traffic that nobody hears: what it would change is counted, it
is shown to fail no more, and then somebody lets it serve.

`python examples/python/shadow.py [DIRECTORY]`; without a directory it uses a temporary one.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import noodle_deploy
from noodle_deploy.types import AnalysisConfig, CanaryConfig, CanaryStep, MirrorConfig, Rollout

MODELS = Path(__file__).resolve().parents[1] / "models"
WINDOW = 1024  # The models look at the first bytes of a file; 256 stands for "no byte".


def window(path: Path) -> np.ndarray:
    """The first bytes of a file."""
    text = np.frombuffer(path.read_bytes(), np.uint8)[:WINDOW]
    window = np.full((1, WINDOW), 256, np.int32)
    window[0, : len(text)] = text
    return window


def in_shadow(noodle: noodle_deploy.Noodle) -> Rollout:
    """Lets half of the requests run a second time on version 2.0.0, until there is a verdict."""
    steps = [CanaryStep(weight=0, mirror=MirrorConfig(share=5_000), min_requests=50, gate=True)]
    canary = CanaryConfig(steps=steps, analysis=AnalysisConfig(error_margin=0.05))
    noodle.deploy(deployment="langid", version="2.0.0", strategy="shadow", canary=canary)
    windows = [window(path) for path in sorted((MODELS / "samples").iterdir())]
    while True:
        for data in windows:
            assert noodle.predict("langid", {"bytes": data}).version == "1.0.0"
        # The shadow runs when nothing else does, on a quarter of one processor.
        time.sleep(0.02)
        rollout = noodle.get_rollout(deployment="langid").rollout
        assert rollout is not None
        if rollout.phase != "analysing":
            return rollout


def main(dir: Path) -> None:
    labels = json.loads((MODELS / "langid.labels.json").read_text())
    with noodle_deploy.open(dir) as noodle:
        for version in ("1.0.0", "2.0.0"):
            path = MODELS / f"langid-v{version[0]}.onnx"
            noodle.register_version(model="langid", path=path, version=version, labels=labels)
        noodle.deploy(deployment="langid", version="1.0.0")
        rollout = in_shadow(noodle)
        print(f"{rollout.phase}: {rollout.reason}")
        assert rollout.phase == "gated"
        noodle.advance_rollout(deployment="langid", reason="looks right")
        serving = noodle.get_deployment(deployment="langid").serving
        print(f"{serving} serves")
        assert serving == "2.0.0"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary, "state"))
