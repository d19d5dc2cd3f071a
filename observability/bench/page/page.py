"""Puts the report's page together.

The page loads no resource and forbids itself to: its policy allows exactly the
style that it was written with. Names of rules are text that other people
wrote, so the template escapes all of it.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from observability.bench.leaderboard import Standing
from observability.bench.page.fault_tables import (
    blind_spots_table,
    confusion_table,
    detectability_table,
    held_out_table,
    localisation_table,
    missed_table,
    never_detected,
)
from observability.bench.page.plots import (
    delay_plot,
    dose_plot,
    precision_recall_plot,
    timeline_plot,
)
from observability.bench.page.tables import (
    TOO_GOOD,
    controls_table,
    false_alarms_table,
    leaderboard_table,
    provenance_rows,
    requests_table,
    rules_table,
    signals_table,
    silences_table,
)
from observability.bench.report import RULE_SET, BenchReport
from observability.bench.requirements import Checked
from observability.bench.wording import number, share, summary


def bench_page(
    report: BenchReport,
    checked: Sequence[Checked] = (),
    standings: Sequence[Standing] = (),
) -> str:
    """Return the report as HTML, with rule sets against each other if there are any."""
    style = _part("page.css")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["svg"] = Markup  # made by this package, with all text in it escaped
    return environment.from_string(_part("page.html")).render(
        summary=summary(report),
        facts=_facts(report),
        too_good=_too_good(report),
        limit=TOO_GOOD,
        checked=checked,
        rules=rules_table(report),
        board=leaderboard_table(standings),
        silences=silences_table(report),
        detectability=detectability_table(report),
        plots=[
            ("Dose against detection", dose_plot(report)),
            ("Delay", delay_plot(report)),
            ("Precision and recall of single requests", precision_recall_plot(report)),
        ],
        where=[localisation_table(report), confusion_table(report)],
        requests=requests_table(report),
        signals=signals_table(report),
        false_alarms=false_alarms_table(report),
        controls=controls_table(report),
        blind_spots=blind_spots_table(report),
        held_out=held_out_table(report),
        never=never_detected(report),
        missed=missed_table(report),
        timelines=[(each, timeline_plot(each)) for each in report.timelines],
        failures=report.failures,
        provenance=provenance_rows(report),
        version=report.version,
        style=Markup(style),  # noqa: S704 - a file of this package
        style_hash="sha256-" + b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _facts(report: BenchReport) -> list[tuple[str, str]]:
    """Return the figures that stand at the top of the page."""
    ours = report.set_named(RULE_SET)
    return [
        ("silent episodes detected", share(ours.silent.detected.value)),
        ("at highest severity", share(ours.highest.detected.value)),
        ("loud episodes detected", share(ours.loud.detected.value)),
        ("false alarms per 1,000", number(ours.silent.false_alarms.per_thousand.value)),
        ("median delay, requests", number(ours.silent.delay_requests.value, 0)),
        ("layer named first", share(report.localisation.ac1.value)),
        ("among the first three", share(report.localisation.ac3.value)),
    ]


def _too_good(report: BenchReport) -> list[str]:
    rules = [
        f"{each.info.id} ({score.question})"
        for each in report.rules
        for score in each.requests
        if score.question != "applied" and score.auroc.value > TOO_GOOD
    ]
    signals = [
        f"{each.name} ({each.question})"
        for each in report.signals
        if each.question != "applied" and each.auroc.value > TOO_GOOD
    ]
    return rules + signals


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()
