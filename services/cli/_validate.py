"""``stillgreen faults validate``: is every fault silent and consequential?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._experiment import refuse_elsewhere
from services.cli._output import err, out, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from services.lab.validation.experiment import Experiment
    from services.lab.validation.judging import Judged
    from services.settings import Settings


def validate(
    faults: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Faults; without one, all.")
    ] = None,
    requests: Annotated[int, typer.Option(min=1, help="Requests at each severity.")] = 200,
    at_highest: Annotated[int, typer.Option(min=1, help="Requests at the highest one.")] = 600,
    severity: Annotated[
        list[float] | None,
        typer.Option(min=0.0, max=1.0, help="0.2, 0.4, … 1 without it; may be repeated."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one for each core.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Chooses questions, people and luck.")] = 23,
    docs: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a page for each fault, and an index.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run faults at several severities beside their healthy twins and judge what they claim.

    What is done is kept in the data folder; run the same command again to go on. The exit code
    is 1 if a fault falls short of what it claims.
    """
    from faults.errors import UnknownFault  # noqa: PLC0415
    from faults.registry import catalogue  # noqa: PLC0415
    from services.lab.validation.experiment import SEVERITIES, Experiment  # noqa: PLC0415
    from services.lab.validation.report import as_json as to_json  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    refuse_elsewhere(settings)
    known = catalogue()
    try:
        chosen = [known.get(each).id for each in faults or known.entries]
    except UnknownFault as error:
        raise typer.BadParameter(str(error)) from None
    levels = tuple(sorted(set(severity or SEVERITIES) - {0.0}))
    if not levels:
        raise typer.BadParameter("a severity above 0 is needed", param_hint="--severity")
    experiment = Experiment(requests, at_highest, levels, seed)
    judged = _judge(settings, experiment, chosen, workers or os.cpu_count() or 1, docs)
    if as_json:
        print_json(to_json(experiment, judged))
    else:
        out().print(_table(judged))
        _tell_problems(judged)
    if any(not each.holds for each in judged):
        raise typer.Exit(1)


def _judge(
    settings: Settings,
    experiment: Experiment,
    chosen: list[str],
    workers: int,
    docs: Path | None,
) -> list[Judged]:
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from faults.registry import catalogue  # noqa: PLC0415
    from services.lab.validation.judging import judge_fault  # noqa: PLC0415
    from services.lab.validation.pages import write_pages  # noqa: PLC0415
    from services.lab.validation.pool import validate as run  # noqa: PLC0415

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err(),
    )
    done = []
    with bar:
        task = bar.add_task("validating", total=len(chosen))

        def tell(fault: str, finished: int, total: int) -> None:
            bar.update(task, completed=finished, total=total, description=f"done: {fault}")

        for cells in run(settings, experiment, chosen, workers, tell):
            done.append((cells, judge_fault(catalogue().get(cells.fault), cells)))
    done.sort(key=lambda pair: chosen.index(pair[0].fault))
    if docs is not None:
        write_pages(docs, experiment, done)
    return [judged for _, judged in done]


def _table(judged: list[Judged]) -> Table:
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    table.add_column("fault", no_wrap=True)
    for heading in ("exposed", "impacted", "claims", "healthy", "then", "layer", "p95", "dose p"):
        table.add_column(heading, justify="right")
    table.add_column("holds")
    for each in judged:
        table.add_row(
            f"[bold]{each.fault}[/bold]",
            str(each.exposed),
            _share(each.impacted.value),
            each.measure,
            f"{each.claimed_healthy.value:.3g}",
            f"{each.claimed.value:.3g}",
            _share(each.layer_agrees.value),
            f"{each.green.latency_ratio:.2f}x",
            f"{each.dose.p_value:.2f}",
            "[green]yes[/green]" if each.holds else "[red]no[/red]",
        )
    return table


def _tell_problems(judged: list[Judged]) -> None:
    for each in judged:
        for problem in each.problems:
            out().print(f"{each.fault}: {problem}", markup=False)


def _share(value: float) -> str:
    return "-" if value != value else f"{value:.1%}"  # noqa: PLR0124 - nan
