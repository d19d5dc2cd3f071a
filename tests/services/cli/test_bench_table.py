from __future__ import annotations

from io import StringIO

from rich.console import Console, RenderableType

from observability.bench.leaderboard import Entry, leaderboard
from observability.bench.report import Provenance, bench_report
from observability.bench.requirements import check, parse_requirement
from services.cli._bench_table import bench_table, leaderboard_table
from tests.observability.bench.episodes import episode, info, watched

INFOS = {
    "drift[1]": info("drift[1]"),
    "cpu": info("cpu", "infrastructure", "infrastructure"),
    "never": info("never", group="baseline"),
}
WATCHED = [watched(episode(1), **{"drift[1]": [60], "cpu": [], "never": []})]


def _text(shown: RenderableType) -> str:
    written = StringIO()
    Console(width=120, file=written).print(shown)
    return written.getvalue()


def test_the_table_has_sets_baselines_and_rules_by_their_names() -> None:
    text = _text(bench_table(bench_report(WATCHED, INFOS, {}, Provenance())))
    assert "Infrastructure rules saw 0 of 1 silent episodes" in text
    assert all(name in text for name in ("rule set", "never", "drift[1]", "cpu"))


def test_single_rules_can_be_left_out_but_baselines_stay() -> None:
    report = bench_report(WATCHED, INFOS, {}, Provenance())
    text = _text(bench_table(report, every_rule=False))
    assert "drift[1]" not in text
    assert "never" in text


def test_what_was_required_is_told_below() -> None:
    report = bench_report(WATCHED, INFOS, {}, Provenance())
    text = _text(bench_table(report, check(report, [parse_requirement("recall-loud>=1")])))
    assert "not met  recall-loud>=1" in text
    assert "undefined" in text


def test_the_leaderboard_has_a_row_for_each_set() -> None:
    text = _text(leaderboard_table(leaderboard([Entry("ours", INFOS, WATCHED)], 1.0)))
    assert "ours" in text
    assert "AC@3" in text
