"""Intervals over time as SVG, for notebooks: no script, no identifier that two pictures could share, and the colour
of the text around it, so that it suits dark pages as well as light ones."""

from __future__ import annotations

from html import escape
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

WIDTH, HEIGHT = 640, 230
"""Size of a picture of one arm; each further line of names makes it higher."""
LEFT, RIGHT, TOP, BOTTOM = 76, 20, 12, 46
"""Room around what is drawn, for numbers and names."""
COLOURS = "#2f7ed8 #d9730d #2a9d5c #c2478f #8a63d2 #a8860b #0e9aa7 #d1495b #7a828c".split()
"""One for each arm beside the control; all of them are seen on white and on black."""
LARGEST = 1e150
"""Beyond it a difference of two numbers may be infinite, and below its inverse a quotient."""
LINE = 18
"""Height of a line of text."""


class Point(NamedTuple):
    """An arm's difference to the control, after so many values of both."""

    values: int
    difference: float
    low: float
    high: float


def drawable(point: Point) -> bool:
    """Whether each of its numbers has a place in a picture."""
    return all(isfinite(figure) and abs(figure) < LARGEST for figure in point)


def number(value: float, step: float | None = None) -> str:
    """A number as people read it: to five digits, or to those that tell steps apart."""
    if step is None:
        text = f"{value:.5g}"
    elif 1e-5 <= step < 1e7:
        text = f"{value:,.{max(0, -floor(log10(step)))}f}"
    else:
        text = f"{value:.4g}"
    return text.replace("-", "−")


def signed(value: float, step: float | None = None) -> str:
    """The same of a difference."""
    return ("+" if value > 0 else "") + number(value, step)


def ticks(low: float, high: float, about: int) -> tuple[float, list[float]]:
    """Round numbers between two others, and the step between them: 1, 2 or 5 times a power of ten."""
    least = (high - low) / about
    power = 10.0 ** floor(log10(least))
    step = next((power * factor for factor in (1, 2, 5) if power * factor >= least), power * 10)
    first, last = -floor(-low / step), floor(high / step)
    return step, [step * i for i in range(first, last + 1)]


def bounds(lines: Mapping[str, Sequence[Point]]) -> tuple[float, float]:
    """The ends of the vertical axis, with zero between them. Intervals begin wide: what an arm showed by its first
    tenth of values may leave the picture."""
    low = high = 0.0
    for line in lines.values():
        for point in line:
            if 10 * point.values >= line[-1].values:
                low, high = min(low, point.low, point.difference), max(high, point.high, point.difference)
    room = (high - low) / 20
    return (low - room, high + room) if room > 1 / LARGEST else (-1.0, 1.0)


def panel(title: str, axis: str, lines: Mapping[str, Sequence[Point]], colours: Mapping[str, str]) -> str:
    """A picture of the intervals of one metric: a line with a band for each arm, over the number of values."""
    low, high = bounds(lines)
    most = max((line[-1].values for line in lines.values()), default=0) or 1
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(value: float) -> float:
        return inner * value / most

    def y(value: float) -> float:
        return tall * (high - value) / (high - low)

    said = "; ".join(f"{arm} {_said(line[-1])}" for arm, line in lines.items())
    legend, under = _legend(lines, colours)
    above = TOP + 2 * LINE + under + 6
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {above + tall + BOTTOM}" '
        f'width="{WIDTH}" style="display:block;max-width:100%;height:auto" fill="currentColor" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(f'{axis}: {said}')}</desc>",
        f'<text x="{LEFT}" y="{TOP + 4}" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="{TOP + LINE + 4}" opacity=".7">{escape(axis)}</text>',
        f'<g transform="translate({LEFT} {TOP + 2 * LINE - 4})">{legend}</g>',
        f'<g transform="translate({LEFT} {above})">',
        _scale(low, high, most, x, y),
        # An inner picture cuts off what goes beyond it; its right end leaves room for the last point.
        f'<svg width="{inner + 6}" height="{tall}" overflow="hidden">',
        *(_arm(i, arm, line, colours[arm], x, y) for i, (arm, line) in enumerate(lines.items())),
        "</svg></g></svg>",
    ]
    return "".join(parts)


def _said(last: Point) -> str:
    """Where an arm stands, in words."""
    return f"{signed(last.difference)}, {signed(last.low)} to {signed(last.high)}, after {last.values:,} values"


def _legend(lines: Mapping[str, Sequence[Point]], colours: Mapping[str, str]) -> tuple[str, int]:
    """The arms with their colours, in as many lines as they need, and how far down the last one is."""
    parts, left, down = [], 0, LINE
    for arm in lines:
        name = arm if len(arm) <= 28 else arm[:27] + "…"
        # Nobody knows the font: this is more than most need.
        wide = 34 + 8 * len(name)
        if left and left + wide > WIDTH - LEFT - RIGHT:
            left, down = 0, down + LINE
        parts.append(
            f'<rect x="{left}" y="{down - 9}" width="14" height="8" rx="2" fill="{colours[arm]}"/>'
            f'<text x="{left + 20}" y="{down - 1}">{escape(name)}</text>'
        )
        left += wide
    return "".join(parts), down


def _scale(low: float, high: float, most: int, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    """Both axes: numbers, thin lines at those of the vertical one, and a plain one at zero."""
    parts = []
    step, marks = ticks(low, high, 5)
    for mark in marks:
        zero = mark == 0
        look = 'opacity=".8"' if zero else 'opacity=".15"'
        parts.append(
            f'<line x1="0" x2="{x(most):.1f}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" stroke="currentColor" {look}/>'
            f'<text x="-8" y="{y(mark) + 4:.1f}" text-anchor="end">{"0" if zero else signed(mark, step)}</text>'
        )
    foot = y(low)
    # Half of a value is never met.
    step, marks = ticks(0, most, min(6, most))
    for mark in marks:
        parts.append(
            f'<line x1="{x(mark):.1f}" x2="{x(mark):.1f}" y1="{foot:.1f}" y2="{foot + 4:.1f}" stroke="currentColor"/>'
            f'<text x="{x(mark):.1f}" y="{foot + 17:.1f}" text-anchor="middle">{number(mark, step)}</text>'
        )
    middle, below = x(most / 2), foot + 33
    parts.append(f'<text x="{middle:.1f}" y="{below:.1f}" text-anchor="middle" opacity=".7">values of both arms</text>')
    return "".join(parts)


def _arm(
    place: int,
    arm: str,
    line: Sequence[Point],
    colour: str,
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> str:
    """The band and the line of one arm; of a single moment a stroke from end to end."""
    last = line[-1]
    if len(line) == 1:
        # Arms have met about as many values: beside one another they can be told apart.
        at = x(last.values) - 8 * place
        drawn = (
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(last.low):.1f}" y2="{y(last.high):.1f}" stroke="{colour}" '
            'stroke-width="2"/>'
        )
    else:
        at = x(last.values)
        edge = [(x(p.values), y(p.high)) for p in line] + [(x(p.values), y(p.low)) for p in reversed(line)]
        middle = [(x(p.values), y(p.difference)) for p in line]
        drawn = (
            f'<polygon points="{_places(edge)}" fill="{colour}" fill-opacity=".12" stroke="{colour}" '
            'stroke-opacity=".4"/>'
            f'<polyline points="{_places(middle)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    dot = f'<circle cx="{at:.1f}" cy="{y(last.difference):.1f}" r="3.5" fill="{colour}"/>'
    return f"<g><title>{escape(arm)}: {_said(last)}</title>{drawn}{dot}</g>"


def _places(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
