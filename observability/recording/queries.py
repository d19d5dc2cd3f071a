"""Questions in SQL to a run's recording, answered by DuckDB and kept on a short leash.

A question sees the views ``spans``, ``requests``, ``metrics``, ``logs`` and,
while the sealed part is there and not hidden, ``truth`` and ``twins``. It can
read nothing else: no other file, no network, no setting, no variable of this
program; and it can write nothing at all.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import duckdb

from observability.recording import seal
from observability.recording.errors import QueryError, TruthMissingError
from observability.recording.record_tables import LOGS, METRICS, REQUESTS
from observability.recording.run_folder import RunFolder
from observability.recording.span_table import CORE

_START = "make_timestamp_ns(start_ns) AS start"
_SPANS = (
    "lower(hex(trace_id)) AS trace_id, lower(hex(span_id)) AS span_id,"
    " lower(hex(parent_id)) AS parent_id, service, name, kind, status,"
    f" {_START}, duration_ns / 1e6 AS duration_ms, start_ns, start_ns + duration_ns AS end_ns,"
    " events, * EXCLUDE (trace_id, span_id, parent_id, service, name, kind, status, start_ns,"
    " duration_ns, events)"
)
_VIEWS = {
    "spans": _SPANS,
    "requests": f"lower(hex(trace_id)) AS trace_id, {_START}, * EXCLUDE (trace_id)",
    "metrics": f"{_START}, make_timestamp_ns(time_ns) AS time, * REPLACE"
    " (attributes::JSON AS attributes)",
    "logs": "make_timestamp_ns(time_ns) AS time, * REPLACE (lower(hex(trace_id)) AS trace_id,"
    " lower(hex(span_id)) AS span_id, attributes::JSON AS attributes)",
    "truth": "* REPLACE (lower(hex(trace_id)) AS trace_id, lower(hex(twin)) AS twin,"
    " lower(hex(culprit_span)) AS culprit_span, faults::JSON AS faults,"
    " receipts::JSON AS receipts)",
    "twins": _SPANS,
}
_SEALED = ("truth", "twins")
_SCHEMAS = {
    "spans": CORE,
    "requests": REQUESTS.schema,
    "metrics": METRICS.schema,
    "logs": LOGS.schema,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that a question brought; ``more`` says that there were more than were asked for."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    more: bool


class RunQueries:
    """A run's recording as tables that can be asked; to be closed after use."""

    def __init__(self, folder: RunFolder, memory_mb: int = 1024, threads: int = 2) -> None:
        """Open a recording for questions; ``DamagedRunError`` if it cannot be read."""
        self._folder = folder
        self._hidden = folder.hidden
        self._has_truth = not self._hidden and bool(folder.parts("truth"))
        self._connection = duckdb.connect(
            ":memory:", config={"threads": threads, "memory_limit": f"{memory_mb}MB"}
        )
        try:
            self._lock_in()
        except duckdb.Error as error:
            self._connection.close()
            raise QueryError(f"{folder.path} cannot be read: {_one_line(error)}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the recording; safe to call twice."""
        self._connection.close()

    def ask(self, sql: str, max_rows: int = 1000, seconds: float = 60.0) -> Answer:
        """Return what one SELECT brings, at most ``max_rows`` of it.

        Files that the question reads are compared with their checksums first.
        Raises ``QueryError`` for what is no SELECT, is wrong, or takes longer
        or more memory than allowed; ``DamagedRunError``; ``TruthMissingError``.
        """
        self._check(sql)
        self._folder.verify(name for name in _VIEWS if re.search(rf"\b{name}\b", sql, re.I))
        stop = threading.Timer(seconds, self._connection.interrupt)
        stop.start()
        try:
            result = self._connection.execute(sql)
            described = result.description or []
            rows = result.fetchmany(max_rows + 1)
        except duckdb.InterruptException as error:
            raise QueryError(
                f"the question took longer than {seconds:g} s. Ask for less, e.g. of one service"
                " or one hour, or allow more time."
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise QueryError(
                "the question needs more memory than allowed. Ask for fewer columns or rows, or"
                " allow more memory."
            ) from error
        except duckdb.Error as error:
            raise self._explained(error) from error
        finally:
            stop.cancel()
        return Answer(
            tuple(str(column[0]) for column in described),
            tuple(str(column[1]) for column in described),
            rows[:max_rows],
            len(rows) > max_rows,
        )

    def _check(self, sql: str) -> None:
        try:
            statements = self._connection.extract_statements(sql)
        except duckdb.Error as error:
            raise QueryError(_one_line(error)) from error
        if len(statements) != 1:
            raise QueryError(f"one SELECT is answered at a time, and these are {len(statements)}")
        # Not EXPLAIN either: with ANALYZE it carries out what it explains.
        if statements[0].type != duckdb.StatementType.SELECT:
            raise QueryError(
                "a recording is only read: SELECT, WITH, FROM, DESCRIBE, SHOW TABLES and"
                f" SUMMARIZE are answered, {statements[0].type.name} is not"
            )

    def _lock_in(self) -> None:
        connection = self._connection
        done = self._folder.done_blocks()
        connection.execute("CREATE SCHEMA empty")  # so that SHOW TABLES shows the views alone
        allowed: list[str] = []
        for view, columns in _VIEWS.items():
            if view in _SEALED and self._hidden:
                continue
            files = [str(p.resolve()) for n, p in self._folder.parts(view).items() if n in done]
            if not files and view in _SEALED:
                continue
            allowed += files
            if files:
                source = f"read_parquet({_texts(files)}, union_by_name = true)"
            else:
                connection.register("nothing", _SCHEMAS[view].empty_table())
                connection.execute(f"CREATE TABLE empty.{view} AS FROM nothing")
                connection.unregister("nothing")
                source = f"empty.{view}"
            connection.execute(f"CREATE VIEW {view} AS SELECT {columns} FROM {source}")  # noqa: S608 - constants and escaped names
        for setting in (
            f"allowed_paths = {_texts(allowed)}",
            "enable_external_access = false",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "python_enable_replacements = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")

    def _explained(self, error: duckdb.Error) -> QueryError | TruthMissingError:
        text = _one_line(error)
        if not self._has_truth and re.search(r"\b(truth|twins) does not exist", text, re.I):
            path = self._folder.path
            return seal.hidden(path) if self._hidden else seal.missing(path)
        if "disabled by configuration" in text:
            return QueryError(
                "a question reads the recording and nothing else, so files and addresses are out"
                f" of reach ({text})"
            )
        return QueryError(text)


def _texts(values: Sequence[str]) -> str:
    quoted = ("'" + value.replace("'", "''") + "'" for value in values)
    return f"[{', '.join(quoted)}]"


def _one_line(error: duckdb.Error) -> str:
    """Return what DuckDB says, without the drawing of where and the list of what else there is."""
    said = re.split(r"\n\s*(?:LINE \d|Candidate functions)", str(error))[0]
    if "(BOOLEAN)" in said:
        said += " A yes or no counts as 1 or 0 when it is written as column::INT."
    return " ".join(said.split())
