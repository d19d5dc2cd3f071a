"""``stillgreen export``: writes a recorded run in a format that others read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli._output import err, print_json
from services.cli._progress import index_progress


class Format(StrEnum):
    """What can be written."""

    OTLP_JSON = "otlp-json"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        epilog="Examples: `stillgreen export runs/first --to spans.jsonl.gz`,"
        " `stillgreen export runs/first --format csv --to requests.csv`",
        short_help="Write a recorded run as OTLP/JSON lines, or its requests as CSV.",
    )(export)


def export(
    run: Annotated[Path, typer.Argument(help="The folder of a recorded run.")],
    to: Annotated[Path, typer.Option(help="The file to write; gzipped if it ends in .gz.")],
    format_: Annotated[
        Format,
        typer.Option(
            "--format", help="otlp-json: all spans, a trace a line; csv: a row a request."
        ),
    ] = Format.OTLP_JSON,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Write a recorded run's spans in the file format of the OpenTelemetry Collector, or a CSV.

    The CSV has the view `requests` of `stillgreen sql`. Nothing of the sealed
    part is exported. A file that is there already is not overwritten.
    """
    from observability.recording.exporting import export_csv, export_otlp_json  # noqa: PLC0415
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    with index_progress("Exporting") as progress:
        if format_ is Format.CSV:
            written, what = export_csv(folder, to), "requests"
        else:
            written, what = export_otlp_json(folder, to, progress), "traces"
    if as_json:
        print_json({"file": str(to), "format": format_.value, what: written})
    else:
        err().print(f"{written} {what} written to {to}", markup=False)
