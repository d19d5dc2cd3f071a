"""``stillgreen bench``: rules against faults, and what they are worth."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._bench_output import (
    print_report,
    report_of,
    standings_of,
    tell_problems,
    write_reports,
)
from services.cli._bench_steps import let_learn, let_watch, let_watch_runs, record_all
from services.cli._output import err

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observability.bench.requirements import Requirement
    from services.lab.bench.campaign import Campaign
    from services.lab.bench.watching import LabelledRun

SHIPPED = "shipped"
"""The name of the rules that come with the program."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "bench",
        epilog="Example: `stillgreen bench --quick --rules my-rules --require 'recall>=0.6'`",
        short_help="Score rules against injected faults.",
    )(bench)


def bench(
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            "--rules",
            metavar="DIR",
            help="A folder of rules, or `shipped`; several are set against each other.",
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A small table, in minutes.")] = False,
    recording: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="RUN", help="Score on these recorded or imported runs, not on new episodes."
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="What was wrong with which trace of --recording."),
    ] = None,
    onset: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", help="From when on --recording was not well (UTC)."),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="Another application's names in --recording."),
    ] = None,
    faults: Annotated[
        list[str] | None, typer.Option("--fault", metavar="ID", help="Only these faults.")
    ] = None,
    severity: Annotated[
        list[float] | None,
        typer.Option(min=0.01, max=1.0, help="0.2, 0.6 and 1 without it; may be repeated."),
    ] = None,
    seed: Annotated[
        list[int] | None,
        typer.Option(min=0, help="One episode of each fault for each seed; 1001 to 1003."),
    ] = None,
    requests: Annotated[
        int | None, typer.Option(min=50, help="Before the onset, and as many after; 600.")
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Let the rules learn on healthy traffic first.")
    ] = False,
    thresholds: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Learned thresholds kept elsewhere.")
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="FIGURE>=N", help="Exit code 1 unless it holds, e.g. recall>=0.8."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="For report.html, report.json and junit.xml."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one for each core.")
    ] = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Run rules in Python, which can do all you can.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Let rules watch healthy traffic that turns faulty, and score what they say.

    Recordings are made where there are none and kept in the data folder, and so
    is the report without --out. Baselines always stand in the table.
    """
    from observability.bench.requirements import (  # noqa: PLC0415 - heavy imports
        RequirementError,
        check,
        parse_requirement,
    )
    from services.lab.bench.watching import Source  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    try:
        required: Sequence[Requirement] = [parse_requirement(text) for text in require or ()]
    except RequirementError as error:
        raise typer.BadParameter(str(error), param_hint="--require") from None
    if learn and thresholds is not None and len(rules or ()) > 1:
        raise typer.BadParameter(
            "holds what one set of rules learns; leave it out, and each keeps its own",
            param_hint="--thresholds",
        )
    settings = load_settings()
    campaign = _campaign(quick, faults, severity, seed, requests)
    folders = [None if str(each) == SHIPPED else each for each in rules or [Path(SHIPPED)]]
    sources = [Source(each, thresholds, allow_code) for each in folders]
    count = workers or os.cpu_count() or 1
    if learn:
        let_learn(settings, sources, count, quick)
    if recording:
        seen = let_watch_runs(settings, _runs(recording, labels, onset, mapping), sources)
        campaign = replace(campaign, seeds=())
    elif labels or onset or mapping:
        raise typer.BadParameter("goes with --recording", param_hint="--labels, --onset, --mapping")
    else:
        recordings = record_all(settings, campaign, count, quick)
        seen = let_watch(settings, recordings, sources, count)
    tell_problems(seen)
    report = report_of(campaign, seen[0])
    standings = standings_of(seen)
    checked = check(report, required)
    folder = to or settings.home / "bench" / "report"
    write_reports(folder, report, checked, standings)
    print_report(report, checked, standings, as_json=as_json)
    err().print(f"{folder / 'report.html'} shows all of it", markup=False)
    if any(not each.met for each in checked):
        raise typer.Exit(1)


def _runs(
    paths: Sequence[Path], labels: Path | None, onset: datetime | None, mapping: str | None
) -> Sequence[LabelledRun]:
    from observability.signals.mapping import load_mapping  # noqa: PLC0415 - heavy imports
    from services.lab.bench.label_file import read_labels  # noqa: PLC0415
    from services.lab.bench.watching import LabelledRun  # noqa: PLC0415

    if labels is not None and onset is not None:
        raise typer.BadParameter("say the same twice; give one", param_hint="--labels, --onset")
    known = None if labels is None else read_labels(labels)
    names = None if mapping is None else load_mapping(mapping)
    since = None if onset is None else round(onset.replace(tzinfo=UTC).timestamp() * 1e9)
    return [LabelledRun(path, known, since, names) for path in paths]


def _campaign(
    quick: bool,
    faults: list[str] | None,
    severity: list[float] | None,
    seed: list[int] | None,
    requests: int | None,
) -> Campaign:
    from faults.errors import UnknownFault  # noqa: PLC0415
    from faults.registry import catalogue  # noqa: PLC0415
    from services.lab.bench.campaign import everything, quick_campaign  # noqa: PLC0415

    campaign = quick_campaign() if quick else everything()
    try:
        if faults:
            campaign = replace(campaign, faults=tuple(catalogue().get(each).id for each in faults))
    except UnknownFault as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from None
    if severity:
        campaign = replace(campaign, severities=tuple(sorted(set(severity))))
    if seed:
        campaign = replace(campaign, seeds=tuple(dict.fromkeys(seed)))
    if requests:
        campaign = replace(campaign, requests=requests)
    return campaign
