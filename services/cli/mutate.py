"""``stillgreen mutate``: whether anything that should be read is memorised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._experiment import START_NS, Bars
from services.cli._output import out, print_json

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from rich.table import Table

    from services.changes import Changes
    from services.lab.mutation.arms import Check
    from services.lab.mutation.report import Moved
    from services.settings import Settings
    from services.wiring import System


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "mutate",
        epilog="Example: `stillgreen mutate --questions 100 --only names --only figures`",
        short_help="Check that nothing is memorised.",
    )(mutate)


ARMS = ("synonyms", "shuffled", "names", "figures")


def mutate(
    questions: Annotated[int, typer.Option(min=20, max=2000, help="Questions in each arm.")] = 200,
    wordings: Annotated[
        str, typer.Option(help="known, held-out or all: which wordings are asked.")
    ] = "known",
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"One of {', '.join(ARMS)}; may be repeated. By default all."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Chooses questions and luck.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, lost answers too.")] = False,
) -> None:
    """Ask the same questions with other words, orders, names and figures, and judge the answers.

    Exit code 1 says that an arm's accuracy is more than 5 points from the unchanged one.
    """
    from services.lab.items import ALL_WORDINGS, HELD_OUT_WORDINGS, KNOWN_WORDINGS  # noqa: PLC0415
    from services.lab.mutation import report  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    sets = {"known": KNOWN_WORDINGS, "held-out": HELD_OUT_WORDINGS, "all": ALL_WORDINGS}
    if wordings not in sets:
        raise typer.BadParameter(f"{wordings!r} is not one of {', '.join(sets)}")
    if unknown := set(only or ()) - set(ARMS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: not among {', '.join(ARMS)}")
    check = _run(load_settings(), questions, sets[wordings], only or ARMS, seed)
    arms = [report.moved(each, check.unchanged) for each in check.mutated]
    if as_json:
        print_json(report.as_json(check))
    else:
        _show(check, arms)
    if not all(arm.is_within for arm in arms):
        raise typer.Exit(1)


def _run(
    settings: Settings,
    count: int,
    wordings: tuple[str, ...],
    only: list[str] | tuple[str, ...],
    seed: int,
) -> Check:
    from observability.clock import Clock  # noqa: PLC0415
    from services.foundation import Foundation  # noqa: PLC0415
    from services.identity import Identity  # noqa: PLC0415
    from services.lab.items import draw_questions  # noqa: PLC0415
    from services.lab.mutation.arms import mutations, run_check  # noqa: PLC0415
    from services.virtual_time import VirtualClock, run_virtual  # noqa: PLC0415
    from services.wiring import build_system  # noqa: PLC0415

    folder = Foundation(settings).world
    drawn = draw_questions(folder.world(), seed, count, wordings)
    wanted = [each for each in mutations(folder, settings.home, drawn, seed) if each.name in only]

    async def work(clock: Clock, bars: Bars) -> Check:
        def open_system(changes: Changes) -> AbstractAsyncContextManager[System]:
            return build_system(
                settings,
                clock,
                progress=bars.index,
                identity=Identity(experiment=True),
                changes=changes,
            )

        return await run_check(open_system, drawn, wanted, seed, bars.questions)

    with Bars() as bars:
        return run_virtual(work(VirtualClock(START_NS), bars), START_NS)


def _show(check: Check, arms: list[Moved]) -> None:
    from services.lab.mutation.report import TOLERANCE  # noqa: PLC0415

    out().print(_table(check, arms))
    for arm in arms:
        lost = [each for each in arm.families if each.after < each.before]
        if lost:
            named = ", ".join(f"{f.family} {f.before}→{f.after} of {f.n}" for f in lost)
            out().print(f"{arm.name} lost: {named}")
        if arm.alike:
            out().print(
                f"{arm.name}: {arm.alike} questions ask for another fact of the same kind, since "
                "theirs is not there in the changed company."
            )
    verdict = "within" if all(arm.is_within for arm in arms) else "not within"
    out().print(
        f"{verdict} {TOLERANCE * 100:.0f} points of the unchanged application",
        style="bold green" if verdict == "within" else "bold red",
    )


def _table(check: Check, arms: list[Moved]) -> Table:
    from rich.table import Table  # noqa: PLC0415

    from services.cli._comparison import estimate_text, interval_text  # noqa: PLC0415
    from services.lab.evaluate import group  # noqa: PLC0415

    table = Table(title="Nothing is memorised", title_justify="left", pad_edge=False)
    table.add_column("what is changed")
    headings = ("questions", "answers", "right", "95 % interval", "abstained", "points", "95 %")
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_column("within")
    plain = group("nothing", check.unchanged.outcomes)
    table.add_row(
        "nothing",
        "",
        "",
        estimate_text(plain.accuracy, "share"),
        interval_text(plain.accuracy, "share"),
        str(plain.abstained),
        "",
        "",
        "",
    )
    for arm in arms:
        table.add_row(
            arm.name,
            str(arm.changed),
            str(arm.answers),
            estimate_text(arm.all_questions.accuracy, "share"),
            interval_text(arm.all_questions.accuracy, "share"),
            str(arm.all_questions.abstained),
            f"{100 * arm.difference.value:+.1f}",
            interval_text(arm.difference, "share"),
            "[green]yes[/green]" if arm.is_within else "[red]no[/red]",
        )
    said = [f"{arm.name}: {arm.says}." for arm in arms]
    total = f"Of {plain.accuracy.n} questions, and answers, so many read otherwise than unchanged."
    table.caption = "\n".join([*said, total])
    table.caption_justify = "left"
    return table
