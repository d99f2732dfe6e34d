"""Figures as Markdown tables."""

import datetime
import platform
import subprocess
import textwrap
from pathlib import Path

from peers import HERE, python, version

BEGIN = "<!-- compare: begin -->"
END = "<!-- compare: end -->"


def markdown(arguments, models, peers, medians, cores, callers):
    """A table for each model; ratios are over the first contender."""
    versions = {}
    for peer in peers:
        versions.setdefault(peer.package, version(peer, arguments.environments, _noodle()))
    interpreter = subprocess.check_output([python(arguments.environments, "client"), "--version"], text=True).strip()
    about = (
        f"{datetime.date.today().isoformat()}. {_processor()}, {cores} cores; Linux {platform.release()}; {interpreter}; "
        + ", ".join(f"{name} {number}" for name, number in versions.items())
        + f". Profile `{arguments.profile}`; rounds: {arguments.rounds}, of {arguments.seconds:g} s."
    )
    lines = textwrap.wrap(about, 118, break_on_hyphens=False)
    for model in models:
        first = medians[model.name, peers[0].name]
        lines += [
            "",
            f"### {model.name}",
            "",
            f"| | P50 µs, 1 caller | P99 | answers a second, {callers} callers | ratio | CPU µs an answer | ratio | MB |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for peer in peers:
            alone, many = medians[model.name, peer.name]
            memory = f"{many['memory'] / 1e6:.0f}" if "memory" in many else ""
            lines.append(
                f"| {peer.name} | {_us(alone['p50'])} | {_us(alone['p99'])} | {many['rate']:,.0f} "
                f"| {first[1]['rate'] / many['rate']:.2f} | {_us(many['cpu'])} | {many['cpu'] / first[1]['cpu']:.2f} "
                f"| {memory} |"
            )
    return "\n".join(lines)


def _us(seconds):
    return f"{seconds * 1e6:,.1f}"


def _noodle():
    for line in (HERE.parents[1] / "Cargo.toml").read_text().splitlines():
        if line.startswith("version"):
            return line.split('"')[1]
    raise ValueError("Cargo.toml names no version")


def _processor():
    names = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def write(path, text):
    """Puts the text between the marks in a file."""
    whole = path.read_text()
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{path} lacks the lines {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
