"""What a bench tells: problems, the table, and the files of the report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from services.cli._bench_steps import BUDGET
from services.cli._output import err, out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from observability.bench.leaderboard import Standing
    from observability.bench.report import BenchReport
    from observability.bench.requirements import Checked
    from services.lab.bench.campaign import Campaign
    from services.lab.bench.watching import Seen


def tell_problems(seen: Sequence[Seen]) -> None:
    for each in seen:
        for problem in each.problems:
            err().print(problem.message, markup=False)
        for note in each.notes:
            err().print(note, markup=False)
        for message in _failures(each):
            err().print(message, markup=False)


def _failures(seen: Seen) -> Sequence[str]:
    """Return why rules failed, once for each, with in how many episodes they did."""
    first: dict[str, str] = {}
    times: Counter[str] = Counter()
    for watched in seen.watched:
        for rule, message in watched.failures.items():
            first.setdefault(rule, message)
            times[rule] += 1
    return [
        f"{message} (it failed in {times[rule]} of {len(seen.watched)} episodes)"
        for rule, message in first.items()
    ]


def report_of(campaign: Campaign, seen: Seen) -> BenchReport:
    from observability.bench.report import Provenance, bench_report  # noqa: PLC0415
    from services.lab.bench.quality import JUDGED_SIGNALS  # noqa: PLC0415

    provenance = Provenance(
        seeds=campaign.seeds,
        thresholds=str(seen.source.thresholds or "thresholds.yml of the rules"),
        budget=BUDGET,
        rules_from=seen.source.name,
        notes=seen.notes,
    )
    return bench_report(seen.watched, seen.infos, JUDGED_SIGNALS, provenance)


def standings_of(seen: Sequence[Seen]) -> tuple[Standing, ...]:
    from observability.bench.leaderboard import Entry, leaderboard  # noqa: PLC0415

    if len(seen) == 1:
        return ()
    entries = [Entry(each.source.name, each.infos, each.watched) for each in seen]
    return leaderboard(entries, BUDGET)


def write_reports(
    folder: Path, report: BenchReport, checked: Sequence[Checked], standings: Sequence[Standing]
) -> None:
    from observability.bench.document import as_json  # noqa: PLC0415
    from observability.bench.junit import as_junit  # noqa: PLC0415
    from observability.bench.page.page import bench_page  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(as_json(report, checked), encoding="utf-8")
    (folder / "junit.xml").write_text(as_junit(report, checked), encoding="utf-8")
    page = bench_page(report, checked, standings)
    (folder / "report.html").write_text(page, encoding="utf-8")


def print_report(
    report: BenchReport,
    checked: Sequence[Checked],
    standings: Sequence[Standing],
    *,
    as_json: bool,
) -> None:
    from observability.bench.document import as_document  # noqa: PLC0415
    from services.cli._bench_table import bench_table, leaderboard_table  # noqa: PLC0415
    from services.cli._output import print_json  # noqa: PLC0415

    if as_json:
        print_json(as_document(report, checked))
        return
    out().print(bench_table(report, checked))
    if standings:
        out().print(leaderboard_table(standings))
