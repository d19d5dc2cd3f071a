"""``stillgreen leak-check``: whether recordings give away what lies under their seal."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._experiment import refuse_elsewhere
from services.cli._output import err, out, print_json, set_up_logging
from services.cli._run_bars import record, say_how_to_go_on

if TYPE_CHECKING:
    from observability.recording.run_folder import RunFolder
    from services.lab.leaks.check import LeakReport
    from services.lab.leaks.telling import Told

_SHOWN = 20


class Plant(StrEnum):
    """Markers that the second recording can be given; `services/lab/leaks/markers.py`."""

    ATTRIBUTE = "attribute"
    SPAN = "span"
    TEXT = "text"
    TIME = "time"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "leak-check",
        epilog="Examples: `stillgreen leak-check --requests 2000 --seed 11`, "
        "`stillgreen leak-check runs/quiet runs/placebo --plant time --json`",
        short_help="Look for what recordings give away of their seal.",
    )(leak_check)


def leak_check(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[RUN_A RUN_B]", help="Two recordings; without them, two are made."),
    ] = None,
    requests: Annotated[
        int, typer.Option(min=60, help="Requests of each recording that is made.")
    ] = 2000,
    seed: Annotated[
        int, typer.Option(min=0, max=2**48 - 2, help="Of the healthy one; the other's is one more.")
    ] = 11,
    workers: Annotated[
        int, typer.Option(min=0, max=256, help="Worker processes; 0: one for each core.")
    ] = 0,
    into: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for those that are made.")
    ] = None,
    plant: Annotated[
        list[Plant] | None,
        typer.Option("--plant", help="Markers for the controls; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try to tell two recordings apart by their spans, and look for words of their seals.

    Without recordings, a healthy hour and one with a placebo in place are made
    first. A judge learns from half of the sessions and is judged by the other
    half. As a control it is given a marker to find, too. Exits with 1 if
    anything leaks, or a control is not found.
    """
    from services.lab.leaks.check import as_json as report_json  # noqa: PLC0415 - heavy import
    from services.lab.leaks.check import check  # noqa: PLC0415

    given = list(runs or [])
    if len(given) not in (0, 2):
        raise typer.BadParameter("two recordings are compared; name both, or none")
    one, other = _opened(given) if given else _made(requests, seed, workers, into)
    report = check(one, other, [each.value for each in plant or [Plant.TEXT, Plant.TIME]])
    if as_json:
        print_json(report_json(report))
    else:
        _tell(report)
    if not report.is_clean:
        raise typer.Exit(1)


def _opened(paths: list[Path]) -> tuple[RunFolder, RunFolder]:
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415

    one, other = map(RunFolder.open, paths)
    return one, other


def _made(requests: int, seed: int, workers: int, into: Path | None) -> tuple[RunFolder, RunFolder]:
    from services.cli.run import free_folder  # noqa: PLC0415
    from services.lab.leaks.check import scenarios  # noqa: PLC0415
    from services.lab.runs.engine import begin  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    set_up_logging(settings.log_level)
    refuse_elsewhere(settings)
    folders = []
    for number, scenario in enumerate(scenarios(requests, seed), 1):
        path = free_folder(settings.home) if into is None else into / f"run-{number}"
        folder = begin(scenario, settings, path)
        ran = record(folder, scenario, settings, workers)
        if not ran.complete:
            say_how_to_go_on(folder)
            raise typer.Exit(1)
        err().print(f"Recorded {path}", markup=False)
        folders.append(ran.folder)
    return folders[0], folders[1]


def _tell(report: LeakReport) -> None:
    from services.lab.leaks.check import ENOUGH, FOUND  # noqa: PLC0415

    console = out()
    told = report.told
    console.print(_line("the two recordings", told), markup=False)
    if told.apart:
        console.print("  by " + "\n     ".join(told.clues), markup=False, soft_wrap=True)
    if min(told.requests) < ENOUGH:
        console.print(f"  fewer than {ENOUGH:,} requests each, which shows little", markup=False)
    for name, control in report.controls.items():
        missed = "" if control.auc.value > FOUND else f": not found, which takes {FOUND}"
        console.print(_line(f"with a marker ({name})", control) + missed, markup=False)
    for run, finds in report.finds.items():
        console.print(f"words of the seals in {run}: {len(finds) or 'none'}", markup=False)
        for find in finds[:_SHOWN]:
            console.print(
                f"  {find.word!r} in {find.file}, {find.where} ({find.times}): …{find.around}…",
                markup=False,
                soft_wrap=True,
            )
    console.print("Nothing leaks." if report.is_clean else "Not clean.")


def _line(what: str, told: Told) -> str:
    auc = told.auc
    return (
        f"{what}: AUC {auc.value:.3f} ({auc.low:.3f} to {auc.high:.3f}), judged by {auc.n:,} of "
        f"{sum(told.requests):,} requests"
    )
