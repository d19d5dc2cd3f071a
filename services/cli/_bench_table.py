"""Shows the scores of a rule bench in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from observability.bench.leaderboard import Standing
from observability.bench.report import RULE_SET, BenchReport, SetScore
from observability.bench.requirements import Checked
from observability.bench.wording import number, share, share_of, summary


def bench_table(
    report: BenchReport, checked: Sequence[Checked] = (), *, every_rule: bool = True
) -> RenderableType:
    """Return sets of rules, baselines and single rules, and what was required.

    Without ``every_rule`` only the sets and the baselines are shown.
    """
    table = _empty("Rules", "rules")
    for score in report.sets:
        _add(table, score, "bold")
    table.add_section()
    for group in ("baseline", "infrastructure", "quality"):
        if group != "baseline" and not every_rule:
            continue
        for rule in (each for each in report.rules if each.info.group == group):
            _add(table, rule.score)
        table.add_section()
    found = report.localisation
    twins = report.set_named(RULE_SET).twins
    parts: list[RenderableType] = [
        Text(summary(report)),
        table,
        Text(
            f"Layer named first: {share_of(found.ac1)}; among the first three: "
            f"{share_of(found.ac3)} of {found.detected} detected silent episodes."
        ),
        Text(
            f"Seen by a rule that is silent in the same requests without the fault: "
            f"{share_of(twins.beyond)} of {twins.pairs} silent episodes."
        ),
    ]
    parts += [_required(each) for each in checked]
    return Group(*parts)


def leaderboard_table(standings: Sequence[Standing]) -> RenderableType:
    """Return rule sets against each other, the best first."""
    table = _empty("Leaderboard", "rule set")
    for heading in ("rules", "AC@1", "AC@3"):
        table.add_column(heading, justify="right")
    for each in standings:
        where = each.localisation
        _add(table, each.score, "", str(each.rules), share(where.ac1.value), share(where.ac3.value))
    return table


def _empty(title: str, first: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column(first, overflow="fold", min_width=19)
    for heading in (
        "silent\nseen",
        "by\nchance",
        "at\nhighest",
        "loud\nseen",
        "delay,\nrequests",
        "false per\n1,000",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _add(table: Table, score: SetScore, style: str = "", *more: str) -> None:
    silent = score.silent
    table.add_row(
        escape(score.name),
        share_of(silent.detected),
        share(silent.by_chance.value),
        share(score.highest.detected.value),
        share(score.loud.detected.value),
        number(silent.delay_requests.value, 0),
        number(silent.false_alarms.per_thousand.value),
        *more,
        style=style,
    )


def _required(checked: Checked) -> Text:
    met = ("met", "green") if checked.met else ("not met", "bold red")
    return Text.assemble(met, f"  {checked.requirement.text}  ({checked.told})")
