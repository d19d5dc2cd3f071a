"""Shows what a scenario expects beside what its run came out with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from services.lab.runs.expectations import Expected

_COLOURS = {"inside": "green", "outside": "red", "nothing measured": "yellow"}


def expected_table(expected: Sequence[Expected]) -> Table:
    """Return a row for each expectation: published, measured with 95 % interval, inside or not."""
    table = Table(
        title="Expected of this scenario", title_justify="left", title_style="bold", show_lines=True
    )
    table.add_column("", overflow="fold", ratio=1)
    for heading in ("published", "measured", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in expected:
        expectation, found = one.expectation, one.found
        article = f"\n[dim]{escape(expectation.article)}[/dim]" if expectation.article else ""
        judgement = one.judgement
        table.add_row(
            f"{escape(expectation.name)}{article}",
            published_text(one),
            f"{number_text(one, found.value)}\n[dim]{number_text(one, found.low)} to "
            f"{number_text(one, found.high)}[/dim]",
            f"[{_COLOURS[judgement]}]{judgement}[/]",
        )
    return table


def published_text(expected: Expected) -> str:
    """Return the published number with how near to it is near enough."""
    number = number_text(expected, expected.expectation.published)
    tolerance = expected.expectation.tolerance
    match tolerance.type:
        case "at_least":
            return f"≥ {number}"
        case "at_most":
            return f"≤ {number}"
        case "points":
            return f"{number}\n[dim]± {tolerance.value:g} points[/dim]"
        case _:
            return f"{number}\n[dim]± {tolerance.value:g} %[/dim]"


def number_text(expected: Expected, value: float) -> str:
    """Return a number in the unit of what was measured."""
    from services.lab.runs.expectations import is_share  # noqa: PLC0415 - heavy import

    if math.isnan(value):
        return "–"
    expectation = expected.expectation
    against = expectation.against
    if against is not None and against.compare == "ratio":
        return f"× {value:.2f}"
    sign = "+" if against is not None else ""
    if is_share(expectation.measure):
        return f"{value * 100:{sign}.1f} " + ("points" if against is not None else "%")
    return _in_unit(expectation.measure, value, sign)


def _in_unit(measure: str, value: float, sign: str) -> str:
    if measure.startswith("seconds"):
        return f"{value:{sign}.2f} s"
    if measure.endswith("_ms"):
        return f"{value:{sign},.0f} ms"
    if measure.startswith("cost_usd"):
        return f"{value:{sign}.4f} USD"
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.2f}"
