"""Small plots as inline SVG: curves with intervals, stacked bars, reliability diagrams."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from observability.statistics import Estimate
from services.lab.calibration.reliability import Reliability

WIDTH, HEIGHT = 460, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 46
COLOURS = ("#0b6e99", "#b3541e", "#5b7f2b", "#7a4b94", "#8a6d00", "#444444")
_RESULTS = (("correct", "#3b7d4f"), ("wrong", "#b23a3a"), ("abstained", "#b8b8b8"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plot: ``points`` are (x, value); published ones are drawn hollow and dashed."""

    name: str
    points: Sequence[tuple[float, Estimate]]
    published: Sequence[tuple[float, float]] = ()


def lines(
    title: str, across: str, series: Sequence[Line], *, logarithmic: bool = False, low: float = 0.0
) -> str:
    """Return curves of shares with their intervals over ``across``."""
    xs = sorted({x for line in series for x, _ in [*line.points, *line.published]})
    if not xs:
        return ""
    place = _scale(xs, logarithmic)
    parts = [_frame(title, across, low), *(_tick(place(x), _amount(x)) for x in xs)]
    for line, colour in zip(series, COLOURS, strict=False):
        parts += [_whisker(place(x), e, low, colour) for x, e in line.points]
        ours = [(place(x), _y(e.value, low)) for x, e in line.points]
        parts.append(_path(ours, colour, ""))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour}"/>' for x, y in ours]
        theirs = [(place(x), _y(value, low)) for x, value in line.published]
        parts.append(_path(theirs, colour, ' stroke-dasharray="3 4"'))
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.4" fill="none" stroke="{colour}" '
            'stroke-width="1.4"/>'
            for x, y in theirs
        ]
    names = [(line.name, colour) for line, colour in zip(series, COLOURS, strict=False)]
    return _figure(title, "".join(parts), names, any(line.published for line in series))


def bars(title: str, rows: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Return a bar for each row, parted into right, wrong and abstaining answers."""
    step, left = 24, 218
    parts = []
    for number, (name, shares) in enumerate(rows):
        y, x = number * step + 6, float(left)
        parts.append(
            f'<text x="{left - 8}" y="{y + 12}" text-anchor="end" class="tick">'
            f"{escape(name)}</text>"
        )
        for share, (_, colour) in zip(shares, _RESULTS, strict=True):
            width = share * (WIDTH + 120 - left)
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="16" fill="{colour}"/>'
            )
            if share >= 0.08:
                parts.append(
                    f'<text x="{x + width / 2:.1f}" y="{y + 12}" class="inside">{share:.0%}</text>'
                )
            x += width
    size = f'viewBox="0 0 {WIDTH + 140} {len(rows) * step + 12}"'
    return _figure(title, "".join(parts), list(_RESULTS), False, size)


def diagram(each: Reliability) -> str:
    """Return how often answers of each stated confidence are right."""
    diagonal = [(_LEFT, _y(0.0, 0.0)), (WIDTH - _RIGHT, _y(1.0, 0.0))]
    parts = [
        _frame(each.preset, "stated confidence", 0.0),
        *(_tick(_x(x), f"{x:.0%}") for x in (0.0, 0.25, 0.5, 0.75, 1.0)),
        _path(diagonal, "#999999", ' stroke-dasharray="3 4"'),
    ]
    for found in each.bins:
        x = _x(found.confidence)
        size = 2.5 + 7 * math.sqrt(found.accuracy.n / max(each.n, 1))
        parts.append(_whisker(x, found.accuracy, 0.0, COLOURS[0]))
        parts.append(
            f'<circle cx="{x:.1f}" cy="{_y(found.accuracy.value, 0.0):.1f}" r="{size:.1f}" '
            f'fill="{COLOURS[0]}" fill-opacity="0.8"/>'
        )
    title = f"{each.preset}: expected calibration error {each.error:.1%} of {each.n} answers"
    return _figure(title, "".join(parts), [], False)


def _scale(xs: Sequence[float], logarithmic: bool) -> _Scale:
    return _Scale(min(xs), max(xs), logarithmic)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    last: float
    logarithmic: bool

    def __call__(self, x: float) -> float:
        low, high, at = self.first, self.last, x
        if self.logarithmic:
            low, high, at = (math.log(max(value, 1.0)) for value in (low, high, at))
        return _x(0.04 + 0.92 * (at - low) / max(high - low, 1e-9))


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(value: float, low: float) -> float:
    return _TOP + (1 - (value - low) / (1 - low)) * (HEIGHT - _TOP - _BOTTOM)


def _frame(title: str, across: str, low: float) -> str:
    levels = [value for value in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0) if value >= low]
    grid = "".join(
        f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{_y(v, low):.1f}" y2="{_y(v, low):.1f}" '
        f'class="grid"/><text x="{_LEFT - 6}" y="{_y(v, low) + 4:.1f}" text-anchor="end" '
        f'class="tick">{v:.0%}</text>'
        for v in levels
    )
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    return (
        f"<title>{escape(title)}</title>{grid}"
        f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" class="axis">'
        f"{escape(across)}</text>"
    )


def _tick(x: float, text: str) -> str:
    y = HEIGHT - _BOTTOM + 16
    return f'<text x="{x:.1f}" y="{y}" text-anchor="middle" class="tick">{text}</text>'


def _whisker(x: float, estimate: Estimate, low: float, colour: str) -> str:
    if math.isnan(estimate.low):
        return ""
    top, bottom = _y(estimate.high, low), _y(max(estimate.low, low), low)
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" '
        f'stroke="{colour}" stroke-opacity="0.45" stroke-width="2"/>'
    )


def _path(points: Sequence[tuple[float, float]], colour: str, style: str) -> str:
    if not points:
        return ""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"{style}/>'


def _amount(value: float) -> str:
    return f"{value / 1024:.0f}K" if value >= 1024 else f"{value:.0f}"


def _figure(
    title: str,
    drawing: str,
    names: Sequence[tuple[str, str]],
    has_published: bool,
    size: str = f'viewBox="0 0 {WIDTH} {HEIGHT}"',
) -> str:
    legend = "".join(
        f'<span><i style="background:{colour}"></i>{escape(name)}</span>' for name, colour in names
    )
    if has_published:
        legend += "<span>dashed, hollow: published</span>"
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg {size} role="img">{drawing}</svg>'
        f'<p class="legend">{legend}</p></figure>'
    )
