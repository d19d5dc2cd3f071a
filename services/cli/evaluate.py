"""``stillgreen evaluate``: how often answers are right."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._experiment import check_faults, run_comparison
from services.cli._output import out, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from services.lab.evaluate import Group, Report
    from services.lab.outcome import Item
    from services.wiring import System


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "evaluate",
        epilog="Example: `stillgreen evaluate --questions 300 --fault filter_dropped`",
        short_help="Measure how often answers are right.",
    )(evaluate)


def evaluate(
    questions: Annotated[
        str, typer.Option(metavar="N|all", help="How many, or all of the question set.")
    ] = "200",
    fault: Annotated[
        list[str] | None, typer.Option("--fault", help="ID or ID=SEVERITY; may be repeated.")
    ] = None,
    wordings: Annotated[
        str, typer.Option(help="all, known, or held-out: wordings unknown while building.")
    ] = "all",
    follow_ups: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="How many further questions lean on one before them. Without it there are none, "
            "and a quarter as many as the others under a fault of the memory.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Chooses questions and luck.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, wrong answers too.")] = False,
) -> None:
    """Ask the question set, healthy and under each fault on its own, and judge the answers."""
    from services.lab import evaluate as lab  # noqa: PLC0415
    from services.lab.items import (  # noqa: PLC0415
        ALL_WORDINGS,
        HELD_OUT_WORDINGS,
        KNOWN_WORDINGS,
        all_items,
        draw_follow_ups,
        draw_items,
    )
    from services.settings import load_settings  # noqa: PLC0415

    faults = fault or []
    settings = load_settings()
    check_faults(faults, settings)
    count = _count(questions)
    sets = {"all": ALL_WORDINGS, "known": KNOWN_WORDINGS, "held-out": HELD_OUT_WORDINGS}
    if wordings not in sets:
        raise typer.BadParameter(f"{wordings!r} is not one of {', '.join(sets)}")

    def draw(system: System) -> list[Item]:
        world = system.foundation.world.world()
        named = sets[wordings]
        if count is None:
            items = all_items(world, seed, PER_FAMILY, named)
        else:
            items = draw_items(world, seed, count, named)
        wanted = follow_ups
        if wanted is None:
            wanted = ceil(len(items) / 4) if _about_memory(faults) else 0
        return [*items, *draw_follow_ups(world, seed, wanted, named)]

    comparison = run_comparison(settings, faults, seed, draw, keep_spans=False)
    if as_json:
        print_json(lab.as_json(comparison))
        return
    for arm in comparison.arms:
        report = lab.report(arm, comparison)
        out().print(_table(report, is_healthy=arm is comparison.healthy))
        if arm is not comparison.healthy:
            out().print(_silence(report))


PER_FAMILY = 20
"""Facts of each family in the question set; each is asked in every wording."""


def _about_memory(faults: list[str]) -> bool:
    """Tell whether one of the faults can only show where a question leans on another."""
    from faults.fault import Seam  # noqa: PLC0415
    from faults.plan import parse_plan  # noqa: PLC0415
    from faults.registry import catalogue  # noqa: PLC0415

    planned = parse_plan(faults).everything()
    return any(catalogue().get(fault.id).seam is Seam.MEMORY for fault in planned)


def _count(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdigit() or int(text) < 1:
        raise typer.BadParameter(f"{text!r} is neither a number above 0 nor all")
    return int(text)


def _silence(report: Report) -> str:
    found, lights = report.silence, report.silence.lights
    answered = "all responses 200" if lights.all_answered else "not all responses 200"
    errors = f"{lights.error_spans or 'no'} span{'s' * (lights.error_spans != 1)} with an error"
    verdict = (
        "silent" if found.silent else "not silent" if found.accuracy_apart else "no harm shown"
    )
    return (
        f"{verdict}: {answered}, {errors}, p95 latency {lights.latency_ratio:.2f} times healthy\n"
    )


def _table(report: Report, is_healthy: bool) -> Table:
    from rich.table import Table  # noqa: PLC0415

    from services.cli._comparison import estimate_text, interval_text  # noqa: PLC0415

    table = Table(title=report.arm, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("questions")
    for heading in ("n", "right", "95 % interval", "abstained"):
        table.add_column(heading, justify="right")

    def add(group: Group, style: str | None = None) -> None:
        table.add_row(
            group.name,
            str(group.accuracy.n),
            estimate_text(group.accuracy, "share"),
            interval_text(group.accuracy, "share"),
            str(group.abstained),
            style=style,
        )

    add(report.overall, "bold")
    for group in report.groups:
        add(group)
    if not is_healthy:
        add(report.where_used, "bold")
        add(report.healthy_there)
        table.add_row(
            "  difference, "
            + ("within families" if report.within_families else "question by question"),
            str(report.lost_there.n),
            estimate_text(report.lost_there, "share"),
            interval_text(report.lost_there, "share"),
            "",
        )
    table.add_section()
    for group in report.families:
        add(group)
    return table
