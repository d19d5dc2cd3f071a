"""The two plots of a validation as SVG files: a dose-response curve, and a heat map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from observability.bench.page.svg import Axis
from observability.statistics import Estimate

_FONT = 'font-family="system-ui, sans-serif" font-size="11"'
_LINE, _FAINT, _CURVE = "#444", "#c8c8c8", "#0b6e99"
_WORSE, _OTHER = (178, 58, 58), (11, 110, 153)


def dose_plot(
    title: str, severities: Sequence[float], means: Sequence[Estimate], isotonic: Sequence[float]
) -> str:
    """Return the measure by severity with intervals; the one-way curve is dashed."""
    ends = [v for e in means for v in (e.low, e.high, e.value) if not math.isnan(v)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = (high - low) * 0.08 or max(abs(high) * 0.1, 0.01)
    across, up = Axis(0.0, 1.0, 60, 440), Axis(low - room, high + room, 220, 30)
    parts = [_text(250, 18, title, "middle"), _text(250, 256, "severity", "middle")]
    for number in range(5):
        value = up.low + (up.high - up.low) * number / 4
        parts.append(_rule(60, up.at(value), 440, up.at(value), _FAINT))
        parts.append(_text(54, up.at(value) + 4, f"{value:.3g}", "end"))
    for severity, estimate in zip(severities, means, strict=True):
        x = across.at(severity)
        parts.append(_text(x, 238, f"{severity:g}", "middle"))
        if math.isnan(estimate.value):
            continue
        if not math.isnan(estimate.low):
            parts.append(_rule(x, up.at(estimate.low), x, up.at(estimate.high), _CURVE))
        parts.append(
            f'<circle cx="{x:.1f}" cy="{up.at(estimate.value):.1f}" r="3.5" fill="{_CURVE}"/>'
        )
    steps = [
        f"{across.at(s):.1f},{up.at(v):.1f}"
        for s, v in zip(severities, isotonic, strict=True)
        if not math.isnan(v)
    ]
    parts.append(
        f'<polyline points="{" ".join(steps)}" fill="none" stroke="{_LINE}" '
        'stroke-dasharray="4 3"/>'
    )
    return _document(460, 268, parts)


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]]
) -> str:
    """Return a table of effect sizes: red above the healthy value, blue below, white for none.

    A value of None is one whose interval does not leave zero out.
    """
    left, top, wide, tall = 190, 120, 44, 17
    parts = []
    for number, name in enumerate(columns):
        x = left + number * wide + wide / 2
        parts.append(
            f'<text x="{x:.0f}" y="{top - 8}" {_FONT} transform="rotate(-50 {x:.0f} {top - 8})">'
            f"{escape(name)}</text>"
        )
    for number, (name, line) in enumerate(zip(rows, values, strict=True)):
        y = top + number * tall
        parts.append(_text(left - 6, y + 12, name, "end"))
        for place, value in enumerate(line):
            x = left + place * wide
            parts.append(
                f'<rect x="{x}" y="{y}" width="{wide - 1}" height="{tall - 1}" '
                f'fill="{_shade(value)}"/>'
            )
            if value is not None:
                parts.append(_text(x + wide / 2, y + 12, _amount(value), "middle"))
    return _document(left + len(columns) * wide + 60, top + len(rows) * tall + 10, parts)


def _shade(value: float | None) -> str:
    if value is None:
        return "#f4f4f4"
    red, green, blue = _WORSE if value > 0 else _OTHER
    strength = min(abs(value) / 2, 1.0) * 0.75
    mixed = (round(255 - (255 - part) * strength) for part in (red, green, blue))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _amount(value: float) -> str:
    return f"{value:+.1f}" if abs(value) < 10 else f"{value:+.0f}"


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} text-anchor="{anchor}">{escape(words)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _document(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
