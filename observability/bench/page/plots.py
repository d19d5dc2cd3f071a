"""The plots of a bench's report, each with the numbers that it shows as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from observability.bench.detection import Outcome
from observability.bench.page.svg import MARKERS, Axis, Series, chart, document, line, path, text
from observability.bench.rates import chance_of_alarm
from observability.bench.report import BenchReport, RuleScore
from observability.bench.timelines import Line, Timeline
from observability.bench.wording import number, share, share_of
from observability.statistics import rate

_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, 470.0, 34.0, 250.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture, and the same as a table: headings, then rows."""

    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def dose_plot(report: BenchReport) -> Plot:
    """Return how many silent episodes of each severity each set of rules detects."""
    severities = sorted({each.severity for each in _silent(report, _first(report))})
    series, rows = [], []
    for name, found in report.outcomes.items():
        mine = [each for each in found if each.kind == "silent"]
        shares = [
            rate(
                sum(each.detected for each in mine if each.severity == severity),
                sum(each.severity == severity for each in mine),
            )
            for severity in severities
        ]
        points = [(x, each.value) for x, each in zip(severities, shares, strict=True)]
        series.append(Series(name, points, [(each.low, each.high) for each in shares]))
        rows.append((name, *(share_of(each) for each in shares)))
    return Plot(
        chart(
            "Share of silent episodes detected, by severity and set of rules",
            ("severity", Axis(0, 1, _LEFT, _RIGHT), severities),
            ("share of episodes detected", Axis(0, 1, _BOTTOM, _TOP)),
            series,
        ),
        ("rules", *(f"severity {each:g}" for each in severities)),
        tuple(rows),
    )


def delay_plot(report: BenchReport) -> Plot:
    """Return which share of silent episodes is detected within so many requests, or by chance."""
    known = [
        each.delay_requests
        for found in report.outcomes.values()
        for each in found
        if each.kind == "silent" and each.detected
    ]
    longest = 20.0 * math.ceil(max(max(known, default=0.0), 20.0) / 20)
    axis = Axis(0, longest, _LEFT, _RIGHT)
    steps = [longest * i / 60 for i in range(61)]
    series, rows = [], []
    for name in report.outcomes:
        mine = _silent(report, name)
        series.append(Series(name, [(step, _within(mine, step)) for step in steps], every=15))
        at = [longest * i / 4 for i in range(5)]
        rows.append((name, *(share(_within(mine, each)) for each in at)))
    chance = report.set_named(_first(report)).silent.false_alarms
    guessed = [(step, chance_of_alarm(chance.per_thousand.value, step)) for step in steps]
    series.append(Series("false alarms alone", guessed, reference=True))
    return Plot(
        chart(
            "Share of silent episodes detected within so many requests after the onset",
            ("requests after the onset", axis, axis.ticks()),
            ("share of episodes detected", Axis(0, 1, _BOTTOM, _TOP)),
            series,
        ),
        ("rules", *(f"within {longest * i / 4:.0f}" for i in range(5))),
        tuple(rows),
    )


def precision_recall_plot(report: BenchReport) -> Plot:
    """Return precision over recall of the rules that judge requests, the best ones drawn."""
    judges = [each for each in report.rules if each.requests and each.curve]
    judges.sort(key=lambda each: -_area(each))
    series = [Series(each.info.id, each.curve, every=25) for each in judges[: MARKERS - 1]]
    if judges:
        base = judges[0].requests[0].base_rate
        series.append(Series("base rate", [(0, base), (1, base)], reference=True))
    rows = [
        (
            each.info.id,
            *(number(_precision_at(each.curve, recall)) for recall in (0.2, 0.4, 0.6, 0.8, 1.0)),
        )
        for each in judges
    ]
    return Plot(
        chart(
            "Precision by recall of rules that judge requests; truth is a changed answer",
            ("recall", Axis(0, 1, _LEFT, _RIGHT), (0, 0.25, 0.5, 0.75, 1)),
            ("precision", Axis(0, 1, _BOTTOM, _TOP)),
            series,
        ),
        ("rule", *(f"precision at recall {each}" for each in (0.2, 0.4, 0.6, 0.8, 1.0))),
        tuple(rows),
    )


def timeline_plot(of: Timeline) -> Plot:
    """Return the signals of an episode that moved the most, its onset and its alarms."""
    across = Axis(0, max(1, of.requests - 1), 190, 840)
    tall = 54
    bottom = 30.0 + tall * max(1, len(of.lines))
    parts = [
        line(across.at(of.onset), 16, across.at(of.onset), bottom, "onset"),
        text(across.at(of.onset) + 4, 14, "onset", "start", "label"),
    ]
    for place, by in of.alarms:
        x = across.at(place)
        kind = "alarm false" if place < of.onset else "alarm"
        parts.append(
            f'<path d="M{x:.1f} {bottom + 2:.1f}l5 10h-10z" class="{kind}">'
            f"<title>{escape(f'{place}: ' + ', '.join(by))}</title></path>"
        )
    for row, each in enumerate(of.lines):
        parts += _strip(each, of, across, 26 + row * tall, tall - 14)
    parts += [text(across.at(x), bottom + 26, f"{x:.0f}") for x in across.ticks()]
    parts.append(text(across.start - 8, bottom + 11, "alarms", "end", "label"))
    rows = [
        (f"alarm at {place}{' (before the onset)' if place < of.onset else ''}", ", ".join(by))
        for place, by in of.alarms
    ]
    rows += [(each.signal, f"moved by {each.moved:+.2f} standard deviations") for each in of.lines]
    title = f"Signals of {of.episode} over its requests, onset at {of.onset}"
    return Plot(document(860, bottom + 34, title, parts), ("what", "detail"), tuple(rows))


def _strip(each: Line, of: Timeline, across: Axis, top: float, tall: float) -> list[str]:
    known = [value for value in each.values if not math.isnan(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    up = Axis(low, high, top + tall, top)
    points = [
        (across.at(place), math.nan if math.isnan(value) else up.at(value))
        for place, value in zip(of.places, each.values, strict=True)
    ]
    return [
        text(across.start - 8, top + 14, each.signal, "end", "label"),
        text(across.start - 8, top + 30, f"{low:.3g} to {high:.3g}", "end"),
        line(across.start, top + tall, across.end, top + tall, "grid"),
        path(points, "line s0"),
    ]


def _first(report: BenchReport) -> str:
    return next(iter(report.outcomes))


def _silent(report: BenchReport, name: str) -> list[Outcome]:
    return [each for each in report.outcomes[name] if each.kind == "silent"]


def _within(outcomes: Sequence[Outcome], requests: float) -> float:
    if not outcomes:
        return math.nan
    return sum(each.delay_requests <= requests for each in outcomes) / len(outcomes)


def _area(rule: RuleScore) -> float:
    value = rule.requests[0].auc_pr.value
    return -1.0 if math.isnan(value) else value


def _precision_at(curve: Sequence[tuple[float, float]], recall: float) -> float:
    return max((each for at, each in curve if at >= recall - 1e-9), default=math.nan)
