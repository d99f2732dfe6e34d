"""The same models on the same cores through noodle-deploy, ONNX Runtime, OpenVINO and servers written in Python.

`cargo xtask bench compare` makes the environments and calls this. In each round everybody is started anew, asked by one
caller and by several, and stopped; so all meet the same machine. Figures are medians of the rounds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from models import models
from peers import HERE, PEERS, python, serve
from report import markdown, write

CORES = len(os.sched_getaffinity(0))
CALLERS = 8


def measure(arguments, peer, model, server, callers):
    """One run of the load program: what it saw, and what the server spent meanwhile."""
    command = [
        python(arguments.environments, "client"), HERE / "load.py", peer.kind, model.name,
        "--fetched", arguments.fetched, "--callers", callers, "--threads", min(callers, CORES),
        "--seconds", arguments.seconds, "--port", server.port if server else 0,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(arguments.modules)}
    load = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, env=environment)
    spent = {}
    lines = []
    for line in load.stdout:
        if server and line.strip() in ("begun", "ended"):
            spent[line.strip()] = server.cpu_seconds()
        lines.append(line)
    if load.wait() != 0:
        raise RuntimeError(f"{peer.name} on {model.name} failed with {callers} callers")
    seen = json.loads(lines[-1])
    seen["client"] = seen["cpu"] if server else 0.0
    if server:
        seen["cpu"] = spent["ended"] - spent["begun"]
    return {
        "p50": seen["p50"],
        "p99": seen["p99"],
        "rate": seen["answers"] / arguments.seconds,
        "cpu": seen["cpu"] / seen["answers"],
        "client": seen["client"] / seen["answers"],
        "answer": seen["answer"],
    }


def probe(arguments, peer, model, server):
    """Raises until the server answers."""
    command = [python(arguments.environments, "client"), HERE / "load.py", peer.kind, model.name]
    command += ["--fetched", arguments.fetched, "--callers", 1, "--threads", 1, "--seconds", 0.3, "--port", server.port]
    subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)


def one(arguments, peer, model, scratch):
    """A round of one contender: alone, then with several callers."""
    if not peer.server:
        return [measure(arguments, peer, model, None, callers) for callers in (1, CALLERS)]
    with serve(peer, model, arguments.fetched, arguments.environments, scratch, CORES) as server:
        server.wait(lambda: probe(arguments, peer, model, server))
        found = [measure(arguments, peer, model, server, callers) for callers in (1, CALLERS)]
        found[-1]["memory"] = server.memory_bytes()
        return found


def agrees(answer, expected):
    """Whether two engines gave the same answer but for rounding."""
    return np.allclose(answer, expected, rtol=1e-3, atol=1e-3)


def main():
    parser = argparse.ArgumentParser()
    for name in ("fetched", "environments", "modules"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--only", help="a model, by the beginning of its name")
    parser.add_argument("--peers", help="kinds, with commas between")
    parser.add_argument("--profile", default="dist")
    parser.add_argument("--write", type=Path, help="puts the tables into this file")
    arguments = parser.parse_args()
    chosen = [model for model in models(arguments.fetched) if model.name.startswith(arguments.only or "")]
    peers = [peer for peer in PEERS if not arguments.peers or peer.kind in arguments.peers.split(",")]
    if not chosen or not peers:
        sys.exit("nothing to compare: --only and --peers leave nothing")
    figures = {}
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(arguments.rounds):
            for model in chosen:
                for peer in peers:
                    found = one(arguments, peer, model, Path(scratch))
                    figures.setdefault((model.name, peer.name), []).append(found)
                    rate, cpu = found[1]["rate"], found[1]["cpu"]
                    print(
                        f"round {number + 1}, {model.name}, {peer.name}: P50 {found[0]['p50'] * 1e6:.1f} us, "
                        f"{rate:.0f} answers a second of {CALLERS} callers, {cpu * 1e6:.1f} us of a core each",
                        flush=True,
                    )
    for model in chosen:
        answers = {peer.name: figures[model.name, peer.name][0][0]["answer"] for peer in peers}
        expected = answers.get("ONNX Runtime") or next(iter(answers.values()))
        wrong = [name for name, answer in answers.items() if not agrees(answer, expected)]
        if wrong:
            sys.exit(f"{model.name}: {', '.join(wrong)} gives another answer")
    medians = {key: [_medians(rounds, at) for at in (0, 1)] for key, rounds in figures.items()}
    text = markdown(arguments, chosen, peers, medians, CORES, CALLERS)
    print(text)
    if arguments.write:
        write(arguments.write, text)


def _medians(rounds, at):
    names = [name for name in rounds[0][at] if name != "answer"]
    return {name: statistics.median(found[at][name] for found in rounds) for name in names}


if __name__ == "__main__":
    main()
