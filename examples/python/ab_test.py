"""Two versions on live traffic: does the larger model name more snippets of code right, and what does it cost? The
experiment stops by itself once that is shown, and the winner gets all traffic.

`python examples/python/ab_test.py [DIRECTORY]`; without a directory it uses a temporary one.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

import noodle_deploy
from noodle_deploy.types import ArmConfig, JudgementConfig, MetricConfig, Outcome

MODELS = Path(__file__).resolve().parents[1] / "models"
# Files, and the number of their language among the model's classes.
SAMPLES = [
    ("hello.c", 0),
    ("hello.go", 5),
    ("Hello.java", 8),
    ("hello.js", 9),
    ("hello.py", 17),
    ("hello.rb", 19),
    ("hello.rs", 20),
    ("hello.sh", 21),
    ("hello.toml", 24),
    ("hello.ts", 25),
]
SNIPPET = 256  # Bytes of a snippet; 256 stands for "no byte".
MOST_USERS = 20_000


def ask(noodle: noodle_deploy.Noodle, user: int) -> Outcome:
    """A user shows a snippet, and says whether it was named right."""
    file, language = SAMPLES[user % len(SAMPLES)]
    source = np.frombuffer((MODELS / "samples" / file).read_bytes(), np.uint8)
    start = user * 7_919 % max(len(source) - SNIPPET, 1)
    window = np.full((1, SNIPPET), 256, np.int32)
    snippet = source[start : start + SNIPPET]
    window[0, : len(snippet)] = snippet
    # All requests of one user go to the same version.
    answer = noodle.predict("langid", {"bytes": window}, key=f"user-{user}")
    right = int(np.argmax(answer["probabilities"])) == language
    return Outcome(name="right", value=float(right), key=f"user-{user}")


def main(dir: Path) -> None:
    with noodle_deploy.open(dir) as noodle:
        for version in ("1.0.0", "2.0.0"):
            noodle.register_version(model="langid", path=MODELS / f"langid-v{version[0]}.onnx", version=version)
        noodle.deploy(deployment="langid", version="1.0.0")
        # Up beside the one that serves, without traffic.
        noodle.deploy(deployment="langid", version="2.0.0", strategy="blue_green")
        noodle.create_experiment(
            deployment="langid",
            name="size",
            arms=[
                ArmConfig(name="small", version="1.0.0", weight=5_000),
                ArmConfig(name="large", version="2.0.0", weight=5_000),
            ],
            metrics=[
                MetricConfig(name="right", kind="proportion", goal="increase", role="primary"),
                MetricConfig(
                    name="latency",
                    kind="quantile",
                    goal="decrease",
                    role="secondary",
                    outcome="latency_ms",
                    quantile=0.5,
                ),
                MetricConfig(name="failed", kind="proportion", goal="decrease", role="guardrail", margin=0.5),
            ],
            judgement=JudgementConfig(stop_early=True),
        )
        view = noodle.start_experiment(deployment="langid")
        user = 0
        while view.experiment is not None and view.experiment.phase == "running":
            assert user < MOST_USERS, view.text
            noodle.record_outcomes(deployment="langid", outcomes=[ask(noodle, user + n) for n in range(200)])
            user += 200
            view = noodle.get_experiment(deployment="langid")
        print(view.text)
        decided = noodle.declare_winner(deployment="langid").experiment
        serving = noodle.get_deployment(deployment="langid").serving
        print(f"after {user} users {serving} serves")
        assert decided is not None and decided.winner == "large" and serving == "2.0.0"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary, "state"))
