"""Shows what came of a run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from observability.statistics import Estimate
    from services.lab.runs.engine import Ran
    from services.lab.runs.summary import RunSummary

_LABELS = {
    "accuracy": "answers right",
    "abstention_rate": "abstentions",
    "error_rate": "error rate",
    "latency_p50_ms": "latency p50",
    "latency_p95_ms": "latency p95",
}


def facts_of(ran: Ran) -> dict[str, Any]:
    """Return what a run is, for a program."""
    manifest, progress = ran.folder.manifest, ran.progress
    return {
        "path": str(ran.folder.path),
        "run_id": manifest.run_id,
        "state": manifest.state,
        "requests": progress.done,
        "requests_planned": progress.total,
        "spans": manifest.counts.get("spans", 0),
        "content": dict(manifest.content),
        "seconds": round(progress.seconds, 3),
        "traces_per_second": round(progress.per_second, 2),
    }


def as_text(summary: RunSummary) -> RenderableType:
    """Return the summary for a person."""
    parts: list[RenderableType] = [_arms(summary)]
    if any(arm.faults for arm in summary.arms):
        parts.append(_receipts(summary))
    if summary.steady_state is not None:
        parts.append(_verdict(summary))
    return Group(*parts)


def _arms(summary: RunSummary) -> Table:
    table = Table(title="All requests", title_justify="left", title_style="bold")
    table.add_column("")
    for arm in summary.arms:
        table.add_column(arm.name, justify="right")
    table.add_row("requests", *(f"{arm.requests:,}" for arm in summary.arms))
    for key, label in _LABELS.items():
        table.add_row(label, *(_shown(arm.figures[key], key) for arm in summary.arms))
    if any(arm.faults for arm in summary.arms):
        table.add_row("right, fault in place", *(_shown(arm.under_fault) for arm in summary.arms))
        table.add_row("  the same, healthy", *(_shown(arm.same_healthy) for arm in summary.arms))
    return table


def _receipts(summary: RunSummary) -> Table:
    table = Table(
        title="What became of the faults where they were in place",
        caption="by luck: two healthy runs of these questions differ in their answers",
        caption_justify="left",
        title_justify="left",
        title_style="bold",
    )
    table.add_column("fault\n[dim]arm[/dim]", overflow="fold")
    for heading in ("n", "exposed", "witnessed", "impacted", "by luck", "to wrong", "layer"):
        table.add_column(heading, justify="right", no_wrap=True)
    for arm in summary.arms:
        for one in arm.faults:
            shares = (
                one.exposed,
                one.witnessed,
                one.impacted,
                one.by_luck,
                one.to_wrong,
                one.layer_agrees,
            )
            table.add_row(
                f"{one.fault}\n[dim]{arm.name}[/dim]",
                f"{one.exposed.n:,}",
                *(_stacked(each) for each in shares),
            )
    return table


def _verdict(summary: RunSummary) -> str:
    from services.lab.runs.summary import deviation_text  # noqa: PLC0415 - heavy import

    steady = summary.steady_state
    assert steady is not None  # noqa: S101 - the caller has looked
    colour = "green" if steady.verdict == "kept" else "yellow"
    lines = [f"Steady state: [bold {colour}]{steady.verdict}[/] ({escape(steady.title)})"]
    lines += [f"  {escape(deviation_text(each))}" for each in steady.deviations]
    return "\n".join(lines)


def _stacked(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return "–"
    return f"{estimate.value:.0%}\n[dim]{estimate.low * 100:.0f}–{estimate.high * 100:.0f}[/dim]"


def _shown(estimate: Estimate, key: str = "accuracy") -> str:
    if math.isnan(estimate.value):
        return "–"
    if key.endswith("_ms"):
        return f"{estimate.value:,.0f} ms"
    interval = "" if math.isnan(estimate.low) else f" ({estimate.low:.1%}–{estimate.high:.1%})"
    return f"{estimate.value:.1%}[dim]{interval}[/dim]"
