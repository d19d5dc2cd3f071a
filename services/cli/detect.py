"""``stillgreen detect``: runs rules over a recording or live traffic and lists alarms."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._detect_report import (
    detected_json,
    print_alarms,
    print_problems,
    print_summary,
)
from services.cli._mapping import MappingName
from services.cli._output import err, print_json
from services.cli._progress import counted_progress
from services.errors import ServicesError

if TYPE_CHECKING:
    from observability.detectors.rule import Rule
    from observability.detectors.rule_set import RuleSet
    from observability.recording.importing import Imported
    from observability.signals.mapping import SpanMapping
    from services.lab.detecting.opening import Opened


class FailOn(StrEnum):
    """From which severity on an alarm makes the command fail."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "detect",
        epilog="Examples: `stillgreen detect runs/first`, `stillgreen detect collector.jsonl.gz"
        " --mapping openinference --thresholds theirs.yml --fail-on critical`,"
        " `stillgreen detect --follow`",
        short_help="Run rules over a recording, or over live traffic.",
    )(detect)


def detect(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="A run's folder, or a file of OTLP/JSON lines."),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", metavar="DIR", help="A folder of rules in place of the shipped."),
    ] = None,
    thresholds: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Thresholds, as `stillgreen rules learn` writes them."),
    ] = None,
    mapping: MappingName = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Run rules in Python, which can do all you can.")
    ] = False,
    skip_bad_lines: Annotated[
        bool, typer.Option("--skip-bad-lines", help="Leave bad lines of a file out.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Watch what `stillgreen up` answers, until Ctrl-C.")
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="With --follow: begin with the traces that are kept.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option(min=0, help="With --follow: end after so many seconds.")
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="Exit with 1 if there is an alarm as bad, or worse."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON; with --follow a line for each alarm.")
    ] = False,
) -> None:
    """List the alarms of rules: when, how bad, which layer they blame, and a trace to look at.

    RUN is a recording of this application or of another one, whose names a
    mapping turns into ours. Rules that cannot speak, since a signal is not
    there, are named. With --follow the rules watch the traffic of an
    application that runs beside, with the same STILLGREEN_HOME.
    """
    if follow == (run is not None):
        raise typer.BadParameter("name a recording, or --follow live traffic")
    if not follow and (history or seconds is not None):
        raise typer.BadParameter("--history and --seconds go with --follow")
    from observability.detectors.loading import load_rules, read_rules  # noqa: PLC0415 - heavy import
    from observability.signals.mapping import load_mapping  # noqa: PLC0415
    from observability.signals.signal import load_signals  # noqa: PLC0415

    chosen = None if mapping is None else load_mapping(mapping)
    loaded = load_rules(rules, thresholds, signals=load_signals(), allow_code=allow_code)
    every = read_rules(rules, signals=load_signals(), allow_code=allow_code).rules
    if not loaded.rules and not (loaded.prometheus and run is not None):
        # Without a rule there is no alarm, which must not look as if all were well.
        print_problems(loaded.problems)
        raise ServicesError("no rule can be run")
    if run is None:
        failed = _live(loaded, every, chosen, history, seconds, as_json, fail_on)
    else:
        failed = _recorded(run, loaded, every, chosen, thresholds, skip_bad_lines, as_json, fail_on)
    if failed:
        raise typer.Exit(1)


def _recorded(
    run: Path,
    rules: RuleSet,
    every: Mapping[str, Rule],
    mapping: SpanMapping | None,
    thresholds: Path | None,
    skip_bad_lines: bool,
    as_json: bool,
    fail_on: FailOn | None,
) -> bool:
    from observability.detectors.prometheus.engine import Programs  # noqa: PLC0415
    from observability.signals.signal import load_signals  # noqa: PLC0415
    from services.lab.detecting.opening import opened  # noqa: PLC0415
    from services.lab.detecting.recorded import detect as detect_in  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    programs = Programs(settings.prometheus, settings.promtool)
    with (
        counted_progress("Importing") as importing,
        opened(run, importing, skip_bad_lines) as recording,
    ):
        notes = [*rules.notes, *_notes(run, recording, mapping, thresholds)]
        with counted_progress("Reading signals") as progress:
            found = detect_in(
                recording.folder, rules, load_signals(), programs, mapping, every, progress
            )
    look = (
        f"stillgreen trace ID --run {run}"
        if recording.imported is None
        else f"stillgreen import {run} --to DIR, then stillgreen trace ID --run DIR"
    )
    if as_json:
        print_json({"notes": notes, **detected_json(found, look)})
    else:
        for note in notes:
            err().print(note, markup=False)
        print_alarms(found.alarms)
        print_summary(found, look)
    return fail_on is not None and found.at_least(fail_on.value)


def _live(
    rules: RuleSet,
    every: Mapping[str, Rule],
    mapping: SpanMapping | None,
    history: bool,
    seconds: float | None,
    as_json: bool,
    fail_on: FailOn | None,
) -> bool:
    import asyncio  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    from observability.clock import RealClock  # noqa: PLC0415
    from observability.recording.following import TraceFollower  # noqa: PLC0415
    from observability.signals.signal import load_signals  # noqa: PLC0415
    from services.cli._detect_live import follow, tell_end  # noqa: PLC0415
    from services.lab.detecting.live import LiveWatch  # noqa: PLC0415
    from services.lab.detecting.watch import Watch  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    file = load_settings().recording_file
    if rules.prometheus:
        err().print(
            "Prometheus rules look at metrics and not at traces, and are left out here.",
            markup=False,
        )
    for note in rules.notes:
        err().print(note, markup=False)
    where = f"Following {file}" + ("" if file.is_file() else ", which is not there yet")
    err().print(f"{where}; {len(rules.rules)} rules. Ctrl-C ends it.", markup=False)
    with closing(TraceFollower(file, from_start=history)) as follower:
        live = LiveWatch(follower, Watch(rules, load_signals()), load_signals(), mapping)
        found = asyncio.run(follow(live, RealClock(), as_json, seconds, every))
    tell_end(found, live.status, as_json)
    return fail_on is not None and found.at_least(fail_on.value)


def _notes(
    run: Path, recording: Opened, mapping: SpanMapping | None, thresholds: Path | None
) -> list[str]:
    """Return what is to be known of a recording before its alarms are believed."""
    from services.lab.detecting.opening import fitting_mapping, is_ours  # noqa: PLC0415

    notes = _of_import(recording.imported)
    if is_ours(recording.folder):
        return notes
    named = mapping.name if mapping is not None else fitting_mapping(recording.folder)
    if mapping is None:
        seem = f" They look like {named}: add --mapping {named}." if named else ""
        notes.append(f"These traces are of another application, and no mapping is named.{seem}")
    if thresholds is None:
        option = f" --mapping {named}" if named else ""
        notes.append(
            "The thresholds were learned on this application and do not fit another one. Learn"
            " them on a stretch that is known to be well:\n"
            f"  stillgreen rules learn --healthy HEALTHY{option} --to thresholds.yml\n"
            f"  stillgreen detect {run}{option} --thresholds thresholds.yml"
        )
    return notes


def _of_import(imported: Imported | None) -> list[str]:
    if imported is None:
        return []
    notes = []
    if imported.bad_lines:
        notes.append(
            f"{len(imported.bad_lines)} bad lines are left out; the first is line"
            f" {imported.bad_lines[0].line}: {imported.bad_lines[0].what}"
        )
    if imported.incomplete:
        notes.append(
            f"{len(imported.incomplete)} of {imported.traces} traces are half and count as they"
            f" are; the first is at line {imported.incomplete[0].line}"
        )
    if imported.unfit:
        notes.append(
            f"Points of metrics that contradict themselves are left out in"
            f" {len(imported.unfit)} lines; the first is line {imported.unfit[0].line}:"
            f" {imported.unfit[0].what}"
        )
    if imported.unspecified:
        notes.append(
            f"{imported.unspecified} points of metrics do not say their temporality and are taken"
            " for cumulative ones"
        )
    return notes
