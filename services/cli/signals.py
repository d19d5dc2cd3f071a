"""``stillgreen signals``: what can be read out of a trace, and what a recording's signals are."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._mapping import MappingName
from services.cli._output import err, out, print_json
from services.cli._progress import counted_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from rich.console import Console

    from observability.signals.signal import Signal
    from observability.signals.summary import Summary

_SHOWN_LABELS = 3
_WIDE = 10_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "signals",
        epilog="Examples: `stillgreen signals`, `stillgreen signals runs/first`,"
        " `stillgreen signals runs/first --to signals.parquet`",
        short_help="List the signals, or those of a recorded run.",
    )(signals)


def signals(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="The folder of a recorded run. Without one: a list."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Write a row for each request of the run to this .parquet or .csv file."),
    ] = None,
    mapping: MappingName = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the list as docs/signals.md has it.")
    ] = False,
) -> None:
    """List the numbers and labels that are read out of each request's spans, or summarise a run's.

    They are worked out once for a run and kept in its folder, in signals/,
    which can be deleted at any time.
    """
    from observability.signals.signal import load_signals  # noqa: PLC0415 - heavy import

    known = load_signals()
    if run is None:
        if to is not None or mapping is not None:
            raise typer.BadParameter("--to and --mapping need a recorded run")
        _list(list(known.values()), as_json, as_markdown)
        return
    if to is not None and to.suffix not in (".parquet", ".csv"):
        raise typer.BadParameter("--to writes a .parquet or a .csv file")
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415
    from observability.signals.keeping import signals_of  # noqa: PLC0415
    from observability.signals.mapping import load_mapping  # noqa: PLC0415
    from observability.signals.summary import summaries  # noqa: PLC0415

    names = None if mapping is None else load_mapping(mapping)
    with counted_progress("Reading signals") as progress:
        table = signals_of(RunFolder.open(run), progress, names)
    found = summaries(table, known)
    if to is not None:
        _write(table, to)
        err().print(f"{table.num_rows} requests written to {to}", markup=False)
    if as_json:
        print_json({"requests": table.num_rows, "signals": [_summary_json(each) for each in found]})
    elif to is None:
        _print_summaries(found, table.num_rows)


def markdown_table() -> str:
    """Return the table of all signals as docs/signals.md holds it."""
    from observability.signals.signal import SIGNAL_LAYERS, load_signals  # noqa: PLC0415

    lines: list[str] = []
    for layer in SIGNAL_LAYERS:
        lines += [f"### {layer[0].upper()}{layer[1:]}", ""]
        lines += ["| signal | unit | what it is | healthy | cost |", "|---|---|---|---|---|"]
        lines += [
            f"| `{each.name}` | {_unit(each)} | {each.describes} | {each.healthy} | {each.cost} |"
            for each in load_signals().values()
            if each.layer == layer
        ]
        lines.append("")
    return "\n".join(lines)


def _list(known: list[Signal], as_json: bool, as_markdown: bool) -> None:
    if as_json:
        print_json([_json(signal) for signal in known])
        return
    if as_markdown:
        typer.echo(markdown_table())
        return
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for heading in ("signal", "layer", "unit"):
        table.add_column(heading, no_wrap=True)
    table.add_column("healthy")
    table.add_column("cost", no_wrap=True)
    for each in known:
        name = f"[bold]{each.name}[/bold]"
        table.add_row(name, each.layer, _unit(each), each.healthy, each.cost)
    _wide().print(table)


def _print_summaries(found: Sequence[Summary], requests: int) -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from observability.trace_view.wording import clean  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    table.add_column("signal", no_wrap=True)
    table.add_column("layer", no_wrap=True)
    for heading in ("n", "share", "p5", "median", "p95"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit, or the most frequent labels")
    for each in found:
        counted = (f"{each.n:,}", "" if math.isnan(each.share) else f"{each.share:.0%}")
        spread = [_number(value) for value in (each.p5, each.median, each.p95)]
        shown = ", ".join(f"{label} {n}" for label, n in each.labels[:_SHOWN_LABELS])
        more = len(each.labels) - _SHOWN_LABELS
        last = (
            shown + (f" and {more} more" if more > 0 else "") if each.labels else each.signal.unit
        )
        # A label comes from the recording, and a recording from anywhere.
        table.add_row(each.signal.name, each.signal.layer, *counted, *spread, Text(clean(last)))
    _wide().print(table)
    err().print(f"{requests:,} requests")


def _wide() -> Console:
    console = out()
    if not console.is_terminal:
        console.width = _WIDE  # a program that reads on has no margin
    return console


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"


def _unit(signal: Signal) -> str:
    return "label" if signal.kind == "label" else signal.unit


def _json(signal: Signal) -> dict[str, object]:
    return {
        "name": signal.name,
        "layer": signal.layer,
        "kind": signal.kind,
        "unit": signal.unit,
        "describes": signal.describes,
        "healthy": signal.healthy,
        "cost": signal.cost,
    }


def _summary_json(summary: Summary) -> dict[str, object]:
    spread = {"p5": summary.p5, "median": summary.median, "p95": summary.p95}
    return {
        "name": summary.signal.name,
        "layer": summary.signal.layer,
        "n": summary.n,
        "share": None if math.isnan(summary.share) else summary.share,
        **{key: None if math.isnan(value) else value for key, value in spread.items()},
        "labels": dict(summary.labels),
    }


def _write(table: pa.Table, to: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    from observability.recording.errors import WouldOverwriteError  # noqa: PLC0415
    from observability.recording.parts import write_atomically  # noqa: PLC0415

    if to.exists():
        raise WouldOverwriteError(
            f"{to} is there already, and nothing is overwritten. Name another file."
        )
    sink = pa.BufferOutputStream()
    if to.suffix == ".csv":
        csv.write_csv(table, sink)
    else:
        pq.write_table(table, sink, compression="zstd")
    write_atomically(to, sink.getvalue().to_pybytes())
