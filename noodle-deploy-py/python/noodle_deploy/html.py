"""What notebooks show."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .handle import Noodle
    from .types import Comparison, DeploymentView, Experiment, ExperimentView


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


COMPARED = ["metric", "arm", "the control's", "the arm's", "difference", "interval", "finding", "p"]


def compared(of: Comparison) -> list[object]:
    """One metric of one arm beside the control's."""
    from .plot import number, signed

    finding = of.finding.replace("_", " ")
    if (f := of.figures) is None:
        return [of.metric, of.arm, f"{of.control_values} values", f"{of.arm_values} values", "–", "–", finding, "–"]
    relative = "" if f.relative is None else f" ({signed(100 * f.relative, 0.01)} %)"
    difference, interval = f"{signed(f.difference)}{relative}", f"{signed(f.low)} to {signed(f.high)}"
    p = f"{f.adjusted_p_value:.4f}"
    return [of.metric, of.arm, number(f.control), number(f.arm), difference, interval, finding, p]


def experiment(view: ExperimentView) -> str:
    """An experiment as pictures of how its intervals narrowed, above the table of what is compared."""
    if (what := view.experiment) is None:
        return f"<p>deployment {escape(view.deployment)}: no experiment</p>"
    caption = f"experiment {what.name} of {view.deployment}: {what.phase}"
    if (report := view.report) is None:
        arms = ([arm.name, arm.version, f"{arm.weight / 100:.2f} %"] for arm in what.arms)
        return table(caption, ["arm", "version", "share"], arms)
    rows = table(caption, COMPARED, map(compared, report.comparisons))
    return f"<div><p>{escape(report.summary)}</p>{panels(what, view)}{rows}</div>"


def panels(what: Experiment, view: ExperimentView) -> str:
    """A picture for each metric whose intervals were kept."""
    from .plot import COLOURS, Point, drawable, panel

    metrics: dict[str, dict[str, list[Point]]] = {}
    for at in view.history:
        point = Point(int(at.values), at.difference, at.low, at.high)
        if drawable(point):
            metrics.setdefault(at.metric, {}).setdefault(at.arm, []).append(point)
    control, *others = (arm.name for arm in what.arms)
    # An arm has the same colour in every picture.
    colours = dict(zip(others, COLOURS))
    better = {metric.name: "more" if metric.goal == "increase" else "less" for metric in what.metrics}
    return "".join(
        panel(metric, f"difference to {control}; {better[metric]} is better", lines, colours)
        for metric, lines in metrics.items()
    )
