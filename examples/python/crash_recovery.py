"""Kills a process that deploys and predicts, opens its directory again, and shows that nothing acknowledged is lost.

`python examples/python/crash_recovery.py`. The program starts itself a second time: that child deploys version 1.0.0,
brings 2.0.0 up beside it, promotes it, scales and predicts without end, and is killed in the middle.
"""

import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import noodle_deploy
from noodle_deploy.types import Head

MODELS = Path(__file__).resolve().parents[1] / "models"
SOURCE = b'fn main() {\n    let names: Vec<&str> = vec!["a"];\n    println!("{names:?}");\n}\n'


def register(noodle: noodle_deploy.Noodle, version: str) -> None:
    stem = MODELS / f"langid-v{version[0]}"
    probes = stem.with_suffix(".probe.json")
    noodle.register_version(model="langid", path=stem.with_suffix(".onnx"), version=version, probes_path=probes)


def guess(noodle: noodle_deploy.Noodle) -> tuple[str, str]:
    """Which version answered, and what it takes a piece of Rust for."""
    window = np.full((1, 512), 256, np.int32)
    window[0, : len(SOURCE)] = np.frombuffer(SOURCE, np.uint8)
    answer = noodle.predict("langid", {"bytes": window})
    label, probability = answer.top(1)[0][0]
    return answer.version, f"{label} {probability:.2f}"


def child(dir: str) -> None:
    """Works until it is killed, and says on its standard output what was acknowledged."""
    with noodle_deploy.open(dir) as noodle:
        register(noodle, "1.0.0")
        noodle.deploy(deployment="langid", version="1.0.0")
        print("deployed 1.0.0", flush=True)
        register(noodle, "2.0.0")
        noodle.deploy(deployment="langid", version="2.0.0", strategy="blue_green")
        print("brought 2.0.0 up beside it", flush=True)
        noodle.promote(deployment="langid")
        print("promoted 2.0.0", flush=True)
        # The head is what a host keeps elsewhere: the log that is found later must still contain it.
        head = noodle.audit_head()
        print("head", json.dumps({"sequence": head.sequence, "hash": head.hash}), flush=True)
        for replicas in itertools.cycle(range(2, 9)):
            # Never done: this is where the process dies.
            noodle.scale(deployment="langid", replicas=replicas)
            guess(noodle)


def follow(process: subprocess.Popen[str]) -> Head:
    """Reads what the child says up to the head that it reached."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("head "):
            return Head(**json.loads(line.removeprefix("head ")))
        print("  child:", line.strip())
    raise RuntimeError("the child ended, and was to work until it is killed")


def parent(dir: str) -> None:
    print(f"a child works in {dir}")
    with subprocess.Popen([sys.executable, __file__, "child", dir], stdout=subprocess.PIPE, text=True) as process:
        try:
            kept = follow(process)
            time.sleep(0.1)  # Long enough to be in the middle of something.
        finally:
            process.kill()
    print(f"killed it: status {process.returncode}")

    begun = time.perf_counter()
    with noodle_deploy.open(dir) as noodle:
        version, best = guess(noodle)
        took = (time.perf_counter() - begun) * 1000
        print(f"\nopened the directory again: the first answer came after {took:.0f} ms")
        print(f"version {version} answers: {best}")
        assert version == "2.0.0", "the promotion was acknowledged before the kill"
        desired = noodle.get_deployment(deployment="langid").desired
        print(f"state {desired.state}, {desired.replicas} replicas wanted: a scaling that was under way is finished")

        report = noodle.audit_verify(since=kept, artifacts=True)
        since = int(report.events) - int(kept.sequence)
        print(
            f"the log verifies: {report.events} events, {since} of them since the head that was kept; "
            f"{report.rows} rows and {report.artifacts} artifacts agree"
        )
        print("\nhow the deployment came about, its first events:")
        for event in noodle.history(deployment="langid", limit=12).events:
            print(f"  {event.sequence:>3} {event.event.type:<18} by {event.actor} in {event.operation}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            parent(str(Path(temporary, "state")))
