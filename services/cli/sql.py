"""``stillgreen sql``: asks a recorded run in SQL."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli._limits import bounded
from services.cli._output import err, out, print_json

if TYPE_CHECKING:
    from observability.recording.queries import Answer


_VIEWS = (
    "SELECT table_name AS view, string_agg(column_name, ', ' ORDER BY column_index) AS columns"
    " FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
    " GROUP BY table_name ORDER BY table_name"
)
_LISTING = re.compile(r"\s*(show\s+(all\s+)?tables|show|describe)\s*;?\s*", re.I)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sql",
        epilog="Example: `stillgreen sql runs/first"
        ' "SELECT route, count(*), avg(cost_usd) FROM requests GROUP BY route"`',
        short_help="Ask a recorded run in SQL, read-only.",
    )(sql)


def sql(
    run: Annotated[Path, typer.Argument(help="The folder of a recorded run.")],
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="One SELECT. Without one: what can be asked.")
    ] = _VIEWS,
    rows: Annotated[int, typer.Option(min=1, help="The most rows that are shown.")] = 1000,
    seconds: Annotated[float, typer.Option(min=0.1, help="The longest that it may take.")] = 60,
    memory: Annotated[int, typer.Option(min=64, help="The most memory, in MB.")] = 1024,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask a recorded run in DuckDB's SQL: spans, requests, metrics, logs, truth and twins.

    Nothing can be written, and nothing but the recording can be read. `truth`
    and `twins` are there as long as the run's sealed part is; of an incident,
    once it is revealed.
    """
    from observability.recording.queries import RunQueries  # noqa: PLC0415 - heavy import
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415
    from observability.recording.seal import hidden  # noqa: PLC0415

    folder = RunFolder.open(run)
    # Twice the memory: what DuckDB counts is not all that it takes.
    with RunQueries(folder, memory) as queries, bounded(2 * memory, seconds):
        answer = queries.ask(query, rows, seconds)
    if as_json:
        items = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
        print_json({"items": items, "count": len(items), "more": answer.more})
    else:
        _print_table(answer)
    if answer.more:
        err().print(f"There are more than these {rows} rows; --rows shows more.")
    if folder.hidden and (query == _VIEWS or _LISTING.fullmatch(query)):
        err().print(str(hidden(run)), markup=False, soft_wrap=True)


def _print_table(answer: Answer) -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from observability.trace_view.wording import clean  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for column, type_ in zip(answer.columns, answer.types, strict=True):
        number = type_.rstrip("0123456789(),").upper() in _NUMBERS
        table.add_column(Text(clean(column)), justify="right" if number else "left")
    for row in answer.rows:
        table.add_row(*(Text(clean(_shown(value))) for value in row))
    console = out()
    if not console.is_terminal:
        console.width = _WIDE  # a program that reads on has no margin
    console.print(table)


_WIDE = 10_000
_NUMBERS = frozenset(
    {"BIGINT", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "DECIMAL", "NUMBER", "SMALLINT", "UBIGINT"}
)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    plain = _plain(value)
    if isinstance(plain, float):
        return f"{plain:.6g}"
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | None) else str(value)
