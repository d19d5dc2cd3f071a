"""``stillgreen run``: traffic from a scenario, in virtual time, recorded with the truth apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli._experiment import check_faults, refuse_elsewhere
from services.cli._output import err, out, print_json, set_up_logging
from services.cli._run_bars import record, say_how_to_go_on

if TYPE_CHECKING:
    from services.lab.runs.engine import Ran
    from services.lab.runs.scenario import Scenario
    from services.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "run",
        epilog="Example: `stillgreen run chunks_tiny_at_minute_20 --requests 200 --workers 2 "
        "--out incident`",
        short_help="Record traffic from a scenario, in virtual time.",
    )(run)


def run(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario's file, or the name of a shipped one.")
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="ID or ID=SEVERITY in place of a scenario; each is an arm."),
    ] = None,
    requests: Annotated[
        int | None, typer.Option(min=1, help="Requests an arm, in place of the scenario's.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**48 - 1, help="In place of the scenario's.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=256, help="Worker processes; 0: one for each core.")
    ] = 0,
    into: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of the recording.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Complete the recording in --out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask a scenario's questions at its times, without waiting, and record all of it.

    The recording is the same whatever the number of workers, and whether it was
    broken off in between. Ctrl-C keeps what is done. Where the scenario expects
    numbers and one of them is outside, the command ends with 1.
    """
    from services.lab.runs.engine import begin, reopen  # noqa: PLC0415 - heavy import
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    set_up_logging(settings.log_level)
    refuse_elsewhere(settings)
    if resume:
        if into is None or scenario or fault or requests or seed is not None:
            raise typer.BadParameter(
                "--resume goes with --out, which holds everything else about the run"
            )
        folder, found = reopen(into, settings)
    else:
        found = _scenario(scenario, fault or [], requests, seed, settings)
        folder = begin(found, settings, into or free_folder(settings.home))
    ran = record(folder, found, settings, workers)
    as_expected = _report(ran, as_json)
    if not (ran.complete and as_expected):
        raise typer.Exit(1)


def _scenario(
    named: str | None,
    faults: Sequence[str],
    requests: int | None,
    seed: int | None,
    settings: Settings,
) -> Scenario:
    from services.lab.runs.errors import ScenarioError  # noqa: PLC0415
    from services.lab.runs.scenario import changed  # noqa: PLC0415 - heavy import
    from services.lab.runs.scenario_file import load_scenario, of_faults  # noqa: PLC0415

    if (named is None) == (not faults):
        raise typer.BadParameter("name a scenario, or a fault with --fault; one of the two")
    if named is None:
        check_faults(faults, settings)
        return changed(of_faults(faults), requests, seed)
    try:
        found = changed(load_scenario(named), requests, seed)
        _check_questions(named, found, settings)
    except ScenarioError as error:
        err().print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    return found


def _check_questions(named: str, scenario: Scenario, settings: Settings) -> None:
    """Refuse a scenario that leaves nothing to ask, before there is a folder of it."""
    from services.foundation import Foundation  # noqa: PLC0415 - heavy import
    from services.lab.runs.errors import ScenarioError  # noqa: PLC0415
    from services.lab.runs.question_pool import QuestionPool  # noqa: PLC0415 - heavy import
    from services.lab.runs.scenario import Questions  # noqa: PLC0415

    if scenario.traffic.questions == Questions():
        return  # there are some in every company
    try:
        QuestionPool(scenario, Foundation(settings).world.world())
    except ScenarioError as error:
        raise ScenarioError(f"{named}: {error}") from error


def free_folder(home: Path) -> Path:
    """Return the first folder ``run-N`` below the data folder that does not exist."""
    runs = home / "runs"
    number = 1
    while (runs / f"run-{number:03d}").exists():
        number += 1
    return runs / f"run-{number:03d}"


def _report(ran: Ran, as_json: bool) -> bool:
    """Print what came of a run, and tell whether all that its scenario expects is so."""
    from observability.recording import seal  # noqa: PLC0415 - heavy import
    from services.cli._run_expected import expected_table  # noqa: PLC0415
    from services.cli._run_report import as_text, facts_of  # noqa: PLC0415
    from services.lab.runs.expectations import as_json as expected_json  # noqa: PLC0415
    from services.lab.runs.expectations import expected_of  # noqa: PLC0415
    from services.lab.runs.seen import read_seen  # noqa: PLC0415
    from services.lab.runs.summary import as_json as summary_json  # noqa: PLC0415
    from services.lab.runs.summary import summarise  # noqa: PLC0415

    # Of an incident nothing is told but how far it is: all else names what hides in it.
    hidden = ran.folder.hidden
    there = bool(ran.folder.done_blocks()) and not hidden
    summary = summarise(ran.folder, ran.scenario) if there else None
    # Of half a run nothing is expected.
    told = ran.complete and not hidden
    expected = expected_of(ran.scenario, read_seen(ran.folder)) if told else ()
    as_expected = all(one.judgement == "inside" for one in expected)
    facts: dict[str, Any] = facts_of(ran)
    if as_json:
        more = summary_json(summary) if summary else {}
        print_json({**facts, **more, "expected": expected_json(expected)})
        return as_expected
    if summary is not None:
        out().print(as_text(summary))
    if expected:
        out().print(expected_table(expected))
    progress = ran.progress
    out().print(
        f"{progress.done:,} of {progress.total:,} requests in [bold]{ran.folder.path}[/bold]"
        f" · {facts['spans']:,} spans · {progress.per_second:.1f} traces a second"
    )
    if not ran.complete:
        say_how_to_go_on(ran.folder)
    elif hidden:
        err().print(str(seal.hidden(ran.folder.path)), markup=False, soft_wrap=True)
    return as_expected
