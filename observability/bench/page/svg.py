"""The parts of plots as SVG; colours are classes, so that the page's style decides on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

MARKERS: Final = 6
"""How many series can be told apart by the shape of their marks and the dashes of their lines."""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """Where numbers lie along one side of a plot, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a number."""
        share = (value - self.low) / (self.high - self.low or 1.0)
        return self.start + share * (self.end - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """Return evenly spaced numbers from one end to the other."""
        return [self.low + (self.high - self.low) * i / (count - 1) for i in range(count)]


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a plot; ``ends`` are the intervals' (low, high) at its points, if it has any.

    Every ``every``-th point is marked, none of a line that is there for reference.
    """

    name: str
    points: Points
    ends: Points = ()
    every: int = 1
    reference: bool = False


def text(x: float, y: float, words: str, anchor: str = "middle", kind: str = "tick") -> str:
    """Return some words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">'
        f"{escape(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def path(points: Points, kind: str) -> str:
    """Return a line through points; it is broken where a value is ``nan``."""
    parts: list[str] = []
    pen = "M"
    for x, y in points:
        if math.isnan(y):
            pen = "M"
            continue
        parts.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return f'<path d="{"".join(parts)}" class="{kind}"/>'


def mark(x: float, y: float, number: int) -> str:
    """Return the mark of a series, another shape for each."""
    kind = f'class="mark s{number}"'
    r = 4.0
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {kind}/>',
        f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}" {kind}/>',
        _shape([(x, y - r), (x + r, y + r), (x - r, y + r)], kind),
        _shape([(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)], kind),
        _shape([(x, y + r), (x + r, y - r), (x - r, y - r)], kind),
        _shape([(x - r, y - 1), (x + r, y - 1), (x + r, y + 1), (x - r, y + 1)], kind),
    )
    return shapes[number % MARKERS]


def document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """Return a whole picture; ``title`` is what it says to who cannot see it."""
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" class="plot">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def chart(
    title: str,
    across: tuple[str, Axis, Sequence[float]],
    upward: tuple[str, Axis],
    series: Sequence[Series],
) -> str:
    """Return lines over a plane, each with a mark and dashes of its own, and their names.

    ``across`` and ``upward`` are what the axes show, and the first one's ticks.
    """
    (x_label, x_axis, ticks), (y_label, y_axis) = across, upward
    left, right = x_axis.start, x_axis.end
    top, bottom = y_axis.end, y_axis.start
    parts = [text(left, top - 12, y_label, "start", "label")]
    for value in y_axis.ticks():
        y = y_axis.at(value)
        parts += [line(left, y, right, y, "grid"), text(left - 6, y + 4, f"{value:g}", "end")]
    for value in ticks:
        parts.append(text(x_axis.at(value), bottom + 16, f"{value:g}"))
    parts.append(text((left + right) / 2, bottom + 34, x_label, "middle", "label"))
    drawn = 0
    for each in series:
        kind = "line reference" if each.reference else f"line s{drawn % MARKERS}"
        whisker = f"whisker s{drawn % MARKERS}"
        for (x, _), (low, high) in zip(each.points, each.ends, strict=False):
            if not math.isnan(low):
                parts.append(
                    line(x_axis.at(x), y_axis.at(low), x_axis.at(x), y_axis.at(high), whisker)
                )
        placed = [(x_axis.at(x), y_axis.at(y)) for x, y in each.points]
        parts.append(path(placed, kind))
        if not each.reference:
            marked = placed[:: each.every]
            parts += [mark(x, y, drawn) for x, y in marked if not math.isnan(y)]
        parts += _named(each, drawn, right + 14, top + 8 + 20 * series.index(each))
        drawn += not each.reference
    return document(right + 200, bottom + 44, title, parts)


def _named(series: Series, number: int, x: float, y: float) -> list[str]:
    kind = "line reference" if series.reference else f"line s{number % MARKERS}"
    shown = [line(x, y, x + 26, y, kind), text(x + 32, y + 4, series.name, "start", "label")]
    if not series.reference:
        shown.append(mark(x + 13, y, number))
    return shown


def _shape(points: Points, kind: str) -> str:
    around = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{around}" {kind}/>'
