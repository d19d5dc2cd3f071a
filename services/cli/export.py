"""``stillgreen export``: writes a recorded run in a format that others read."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli._output import err, print_json
from services.cli._progress import counted_progress


class Format(StrEnum):
    """What can be written."""

    OTLP_JSON = "otlp-json"
    CSV = "csv"


class Signal(StrEnum):
    """What can be asked for alone."""

    SPANS = "spans"
    METRICS = "metrics"
    LOGS = "logs"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        epilog="Examples: `stillgreen export runs/first --to run.jsonl.gz`,"
        " `stillgreen export runs/first --format csv --to requests.csv`",
        short_help="Write a recorded run as OTLP/JSON lines, or its requests as CSV.",
    )(export)


def export(
    run: Annotated[Path, typer.Argument(help="The folder of a recorded run.")],
    to: Annotated[Path, typer.Option(help="The file to write; gzipped if it ends in .gz.")],
    format_: Annotated[
        Format,
        typer.Option("--format", help="otlp-json: all that is observed; csv: a row a request."),
    ] = Format.OTLP_JSON,
    signal: Annotated[
        list[Signal] | None,
        typer.Option("--signal", help="Only this one of a run's signals; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Write a recorded run in the file format of the OpenTelemetry Collector, or as a CSV.

    Spans, metrics and logs go into one file unless a signal is named. The CSV
    has the view `requests` of `stillgreen sql`. Nothing of the sealed part is
    exported. A file that is there already is not overwritten.
    """
    from observability.recording.exporting import export_csv, export_otlp_json  # noqa: PLC0415
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    if format_ is Format.CSV and signal:
        raise typer.BadParameter("a CSV holds requests; --signal goes with otlp-json")
    with counted_progress("Exporting") as progress:
        if format_ is Format.CSV:
            written = {"requests": export_csv(folder, to)}
        else:
            signals = [each.value for each in signal or Signal]
            written = asdict(export_otlp_json(folder, to, progress, signals))
    if as_json:
        print_json({"file": str(to), "format": format_.value, **written})
    else:
        said = ", ".join(f"{count} {what}" for what, count in written.items() if count)
        err().print(f"{said or 'nothing'} written to {to}", markup=False)
