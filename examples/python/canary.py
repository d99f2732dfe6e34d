"""A better and slower version gets a growing share of the traffic: held to the old one's speed it is taken back, allowed
to be slower it is shown to fail no more, and serves.

`python examples/python/canary.py [DIRECTORY]`; without a directory it uses a temporary one.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

import noodle_deploy
from noodle_deploy.types import AnalysisConfig, CanaryConfig, CanaryStep, Rollout

MODELS = Path(__file__).resolve().parents[1] / "models"
USERS = 200
WINDOW = 8192  # The models look at the first bytes of a file; 256 stands for "no byte".


def roll_out(noodle: noodle_deploy.Noodle, latency_ratio: float) -> Rollout:
    """Deploys version 2.0.0 by steps, and asks for all users until the rollout has ended."""
    steps = [CanaryStep(weight=weight, min_requests=50) for weight in (2_000, 5_000)]
    analysis = AnalysisConfig(error_margin=0.05, latency_ratio=latency_ratio)
    noodle.deploy(deployment="langid", version="2.0.0", canary=CanaryConfig(steps=steps, analysis=analysis))
    text = np.frombuffer((MODELS / "samples/hello.py").read_bytes(), np.uint8)[:WINDOW]
    window = np.full((1, WINDOW), 256, np.int32)
    window[0, : len(text)] = text
    while True:
        for user in range(USERS):
            # All requests of one user go to the same version while it lasts.
            noodle.predict("langid", {"bytes": window}, key=f"user-{user}")
        rollout = noodle.get_rollout(deployment="langid").rollout
        assert rollout is not None
        if rollout.phase in ("completed", "aborted"):
            return rollout


def main(dir: Path) -> None:
    with noodle_deploy.open(dir) as noodle:
        for version in ("1.0.0", "2.0.0"):
            noodle.register_version(model="langid", path=MODELS / f"langid-v{version[0]}.onnx", version=version)
        noodle.deploy(deployment="langid", version="1.0.0")
        for latency_ratio in (1.2, 100.0):
            rollout = roll_out(noodle, latency_ratio)
            print(f"up to {latency_ratio} times as slow: {rollout.phase}: {rollout.reason}")
        serving = noodle.get_deployment(deployment="langid").serving
        print(f"{serving} serves")
        assert serving == "2.0.0"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary, "state"))
