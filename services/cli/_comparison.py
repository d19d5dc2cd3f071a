"""Draws a comparison of arms and the story of one question for the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from observability.statistics import Estimate
    from services.lab.demo import Comparison
    from services.lab.measure import Arm
    from services.lab.measures import Measure, Unit
    from services.lab.story import Step, Story

_FORMATS: dict[str, Callable[[float], str]] = {
    "share": lambda value: f"{100 * value:.1f} %",
    "ms": lambda value: f"{value:,.0f} ms",
    "number": lambda value: f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}",
    "usd": lambda value: f"${value:.3f}",
    "mb": lambda value: f"{value:,.0f} MB",
}


def comparison_tables(comparison: Comparison) -> RenderableType:
    """Return both halves: what infrastructure monitoring sees, and what behaviour shows."""
    infrastructure = _table(
        comparison,
        "What infrastructure monitoring sees",
        "infrastructure",
        before=[("status codes", _codes)],
        after=[
            ("CPU a question", lambda arm: f"{1000 * arm.cpu_seconds / len(arm.outcomes):.0f} ms"),
            ("memory, highest", lambda arm: f"{arm.memory_mb:,.0f} MB"),
        ],
    )
    behaviour = _table(
        comparison,
        "What behaviour shows",
        "behaviour",
        before=[],
        after=[
            ("routes", _routes),
            ("right where used", lambda arm: _where_used(arm, comparison)),
            ("  same, healthy", lambda arm: _healthy_there(arm, comparison)),
        ],
    )
    note = (
        f"[dim]{len(comparison.healthy.outcomes)} questions an arm, the same ones with the same "
        "luck; below each number its 95 % interval. Coloured: the difference to healthy, question "
        "by question, has an interval without zero. Right where used: on the questions whose "
        "healthy run uses the faulty part. CPU: the first arm fills the caches for all. Routes: "
        "documents, ledger, both of them, or the lookup of one field.[/dim]"
    )
    return Group(infrastructure, "", behaviour, note)


def story_text(story: Story) -> RenderableType:
    """Return the story of one question, stage by stage."""
    lines = [
        f"[bold]One question, followed through both traces[/bold] (healthy, and {story.arm})",
        f"  Question: {escape(story.question)}",
        f"  True answer: {escape(story.expected)}",
        "",
    ]
    return "\n".join((*lines, *step_lines(story.steps)))


def step_lines(steps: Sequence[Step]) -> list[str]:
    """Return what each stage did in both traces, as lines with markup."""
    lines = []
    for step in steps:
        mark = " [yellow]◀ here they part[/yellow]" if step.parts_here else ""
        if step.same:
            lines.append(f"  [bold]{step.stage}[/bold]: both: {escape(step.healthy)}")
            continue
        lines.append(f"  [bold]{step.stage}[/bold]{mark}")
        lines.append(f"    [green]healthy[/green]  {escape(step.healthy or 'did not happen')}")
        lines.append(f"    [red]faulty[/red]   {escape(step.degraded or 'did not happen')}")
    return lines


def trace_commands(healthy_trace: str, degraded_trace: str) -> str:
    """Return how to open two traces; print it unwrapped, so that it can be copied."""
    if not (healthy_trace and degraded_trace):
        return "The requests were not traced."
    command = f"stillgreen trace {healthy_trace} {degraded_trace}"
    return f"Open both traces:\n{command}\n{command} --html traces.html"


def estimate_text(estimate: Estimate, unit: Unit) -> str:
    """Return a number, e.g. ``94.2 %``, or a dash for what is undefined."""
    return "–" if math.isnan(estimate.value) else _FORMATS[unit](estimate.value)


def interval_text(estimate: Estimate, unit: Unit) -> str:
    """Return an interval in the unit of its number, e.g. ``88.5–97.2``, or nothing."""
    if math.isnan(estimate.low):
        return ""
    low, high = (_bare(_FORMATS[unit](value)) for value in (estimate.low, estimate.high))
    return f"{low}–{high}"


def _bare(text: str) -> str:
    for mark in (" %", " ms", " MB", "$"):
        text = text.replace(mark, "")
    return text


def _table(
    comparison: Comparison,
    title: str,
    section: str,
    before: list[tuple[str, Callable[[Arm], str]]],
    after: list[tuple[str, Callable[[Arm], str]]],
) -> Table:
    from services.lab.measures import MEASURES  # noqa: PLC0415 - heavy import

    table = Table(title=title, title_justify="left", title_style="bold", padding=(0, 1))
    table.add_column("", no_wrap=True)
    for arm in comparison.arms:
        # A name breaks at its underscores, and nowhere else, where columns are narrow.
        table.add_column(arm.name.replace("_", "_\n"), justify="right", overflow="fold")
    for label, say in before:
        table.add_row(label, *(say(arm) for arm in comparison.arms))
    for measure in MEASURES:
        if measure.section == section:
            cells = (_cell(measure, arm, comparison) for arm in comparison.arms)
            table.add_row(measure.label, *cells)
    for label, say in after:
        table.add_row(label, *(say(arm) for arm in comparison.arms))
    return table


def _cell(measure: Measure, arm: Arm, comparison: Comparison) -> str:
    estimate = measure.estimate(arm.outcomes)
    text = estimate_text(estimate, measure.unit)
    if arm is not comparison.healthy and measure.section == "behaviour":
        shift = measure.shift(arm.outcomes, comparison.healthy.outcomes)
        if shift.low > 0 or shift.high < 0:
            text = f"[bold yellow]{text}[/bold yellow]"
    interval = interval_text(estimate, measure.unit)
    return f"{text}\n[dim]{interval}[/dim]" if interval else text


def _codes(arm: Arm) -> str:
    from services.lab.measures import status_codes  # noqa: PLC0415 - heavy import

    return ", ".join(f"{code} × {count}" for code, count in status_codes(arm.outcomes).items())


def _routes(arm: Arm) -> str:
    from services.lab.measures import route_mix  # noqa: PLC0415 - heavy import

    # Short names, since a narrow column would break the long ones anywhere.
    short = {"documents_and_ledger": "both", "documents": "docs"}
    return "\n".join(
        f"{share:.0%} {short.get(route, route)}" for route, share in route_mix(arm.outcomes).items()
    )


def _where_used(arm: Arm, comparison: Comparison) -> str:
    from services.lab.measures import exposed_accuracy  # noqa: PLC0415 - heavy import

    return _with_count(exposed_accuracy(arm, comparison.healthy))


def _healthy_there(arm: Arm, comparison: Comparison) -> str:
    from services.lab.demo import healthy_accuracy_there  # noqa: PLC0415 - heavy import

    return _with_count(healthy_accuracy_there(arm, comparison.healthy))


def _with_count(estimate: Estimate) -> str:
    interval = interval_text(estimate, "share")
    return f"{estimate_text(estimate, 'share')}\n[dim]{interval}[/dim]\n[dim]of {estimate.n}[/dim]"
