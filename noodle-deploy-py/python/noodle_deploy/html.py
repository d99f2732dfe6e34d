"""What notebooks show."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .handle import Noodle
    from .types import DeploymentView


def table(caption: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table of escaped text."""
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{cells}</tr>{lines}</table>"


HEAD = ["deployment", "state", "model", "serves", "replicas"]


def row(view: DeploymentView) -> list[object]:
    """One deployment."""
    wanted = view.desired
    return [wanted.name, wanted.state, wanted.model, view.serving or "–", wanted.replicas]


def deployment(view: DeploymentView) -> str:
    """A deployment as a table."""
    return table(f"deployment {view.desired.name}", HEAD, [row(view)])


def handle(noodle: Noodle) -> str:
    """A handle as a table of its deployments."""
    if noodle.closed:
        return "<p>noodle-deploy: closed</p>"
    return table(f"noodle-deploy: {noodle.dir}", HEAD, map(row, noodle.list_deployments().deployments))
