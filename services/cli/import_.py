"""``stillgreen import``: makes a recording of OTLP/JSON lines from anywhere."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import err, print_json
from services.cli._progress import counted_progress

if TYPE_CHECKING:
    from observability.recording.importing import Imported

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "import",
        epilog="Example: `stillgreen import collector.jsonl.gz --to runs/production`",
        short_help="Record OTLP/JSON lines, e.g. from a Collector's file exporter.",
    )(import_)


def import_(
    file: Annotated[Path, typer.Argument(help="OTLP/JSON lines, plain or gzipped.")],
    to: Annotated[Path, typer.Option(help="The folder for the recording; new or empty.")],
    skip_bad_lines: Annotated[
        bool,
        typer.Option("--skip-bad-lines", help="Leave bad lines out instead of stopping at one."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if anything was left out or incomplete.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Record a file in the format of the OpenTelemetry Collector's file exporter.

    Lines may hold traces in any order and in pieces. Of a file with a bad line
    nothing is recorded unless bad lines are skipped. Half a trace is recorded
    and told. Cumulative metrics become what came between two points.
    """
    from observability.recording.importing import import_lines  # noqa: PLC0415 - heavy import
    from services.version import program_version  # noqa: PLC0415

    with counted_progress("Importing") as progress:
        report = import_lines(file, to, {"stillgreen": program_version()}, skip_bad_lines, progress)
    _tell(report)
    if as_json:
        print_json({"folder": str(to), **asdict(report)})
    else:
        err().print(
            f"{report.spans} spans of {report.traces} traces, {report.metrics} points of metrics"
            f" and {report.logs} logs recorded in {to}",
            markup=False,
        )
    if strict and (report.bad_lines or report.incomplete or report.unfit):
        raise typer.Exit(1)


def _tell(report: Imported) -> None:
    for oddities, what in (
        (report.bad_lines, "left out"),
        (report.incomplete, "incomplete"),
        (report.unfit, "point left out"),
    ):
        for oddity in oddities[:_SHOWN]:
            err().print(f"line {oddity.line}, {what}: {oddity.what}", markup=False)
        if len(oddities) > _SHOWN:
            err().print(f"… and {len(oddities) - _SHOWN} more {what}", markup=False)
    for count, what in (
        (report.repeated, "spans or points came more than once and are recorded once"),
        (report.converted, "points were cumulative and are recorded as differences"),
        (report.unspecified, "of these do not say so (no temporality), and are taken for it"),
        (report.restarts, "times a cumulative series began anew, and counts from zero there"),
        (report.left_out, "points of exponential histograms or summaries are not kept"),
        (
            report.simplified,
            "spans have links, a trace state or a status message, which are not kept",
        ),
    ):
        if count:
            err().print(f"{count} {what}", markup=False)
