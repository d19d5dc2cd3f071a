"""Expressions over signals: what they may hold, what they name, and what they come to.

An expression is checked before it is ever carried out: its syntax tree may hold
columns that are signals, constants, comparisons, and functions of a short list,
and nothing else. So it can read no file, no setting and no other table, starts
no loop, and answers in time proportional to the requests. The connection that
evaluates is locked in beside that, with bounded memory and time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.utils import default_process

from observability.detectors.errors import RuleFailed
from observability.detectors.syntax import (
    columns,
    nodes,
    patterns,
    selected,
    without_choice,
    wrong_part,
)

LONGEST: Final = 4000
MEMORY_MB: Final = 512
SECONDS: Final = 30.0

_TABLE = "signals"
_TOO_DEEP = "is nested too deeply; make two rules of it, or shorten it"
Kind = Literal["boolean", "number"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, what it comes to, and the signals that it names."""

    text: str
    kind: Kind
    signals: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The expression as a column; what is undefined (say, a division by zero) is null."""
        kind = "BOOLEAN" if self.kind == "boolean" else "DOUBLE"
        return f"TRY(CAST((\n{self.text}\n) AS {kind}))"


class Checker:
    """Checks expressions against the signals that there are."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        """Take the signals by name, each ``number`` or ``label``."""
        self._kinds = dict(kinds)
        self._connection = _locked()
        self._connection.register(_TABLE, empty(self._kinds))
        self._frame = self._parsed("1")

    def check(self, text: str, kind: Kind) -> Expression | str:
        """Return the expression, or what is wrong with it and what to do."""
        tree = self._parsed(text)
        if isinstance(tree, str):
            return tree
        chosen = selected(tree)
        if chosen is None or without_choice(tree) != without_choice(self._frame):
            return "is not one expression; a rule has no statements, commas or clauses of SELECT"
        wrong = list(dict.fromkeys(self._wrong(chosen))) or self._wrong_type(text, kind)
        if wrong:
            return "; it also ".join(wrong)
        return Expression(text, kind, tuple(sorted(set(columns(chosen)))))

    def _parsed(self, text: str) -> Any:
        """Return the syntax tree, or a sentence about why there is none."""
        if len(text) > LONGEST:
            return f"is {len(text)} characters long and may be {LONGEST}; make two rules of it"
        query = f"SELECT (\n{text}\n) FROM {_TABLE}"  # noqa: S608 - it is only parsed
        try:
            row = self._connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [query])
            found = json.loads((row.fetchone() or ("{}",))[0])
        except RecursionError:
            return _TOO_DEEP
        except (duckdb.Error, ValueError) as error:
            return f"cannot be read: {_line(error)}"
        if found.get("error", True):
            said = _line(found.get("error_message", "it is no expression"))
            return _TOO_DEEP if "expression depth" in said else f"cannot be read: {said}"
        return found

    def _wrong_type(self, text: str, kind: Kind) -> list[str]:
        try:
            row = self._connection.execute(
                f"DESCRIBE SELECT (\n{text}\n) FROM {_TABLE}"  # noqa: S608 - checked above
            ).fetchone()
        except duckdb.Error as error:
            return [f"does not fit: {_line(error)}"]
        found = "" if row is None else str(row[1])
        if kind == "boolean" and found != "BOOLEAN":
            return [f"comes to {found} where a yes or no is needed; compare it with something"]
        if kind == "number" and found in {"VARCHAR", '"NULL"'}:
            return [f"comes to {found} where a number is needed"]
        return []

    def _wrong(self, tree: Any) -> Iterator[str]:
        for each in nodes(tree):
            if each["class"] == "COLUMN_REF":
                yield from self._wrong_column(each.get("column_names", []))
            else:
                yield from wrong_part(each)
            # A pattern that cannot be read would make the rule silent, as any undefined value does.
            for pattern in patterns(each):
                yield from self._wrong_pattern(pattern)

    def _wrong_pattern(self, pattern: str) -> Iterator[str]:
        try:
            self._connection.execute("SELECT regexp_matches('', ?::VARCHAR)", [pattern]).fetchone()
        except duckdb.Error as error:
            yield f"has a pattern {pattern!r} that cannot be read: {_line(error)}"

    def _wrong_column(self, names: Sequence[str]) -> Iterator[str]:
        if len(names) == 1 and names[0] in self._kinds:
            return
        yield unknown_signal(".".join(names), self._kinds)


def unknown_signal(name: str, known: Iterable[str]) -> str:
    """Say that there is no such signal, and which were probably meant."""
    found = process.extract(name, list(known), limit=3, score_cutoff=55, processor=default_process)
    near = [each for each, _, _ in found]
    hint = f"did you mean {' or '.join(near)}?" if near else "`stillgreen signals` lists them"
    return f"names {name!r}, which is no signal; {hint}"


class Evaluator:
    """Carries out expressions over tables of signals, within bounded memory and time."""

    def __init__(self, memory_mb: int = MEMORY_MB, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._connection = _locked(memory_mb)

    def columns(
        self, requests: pa.Table, wanted: Mapping[str, Expression], kinds: Mapping[str, str]
    ) -> dict[str, pa.ChunkedArray]:
        """Return one column for each expression, all in one query, in the order of requests.

        Signals that the table lacks are null. Raises ``RuleFailed``.
        """
        if not wanted:
            return {}
        names = sorted({name for each in wanted.values() for name in each.signals})
        table = _of_signals(requests, names, kinds)
        chosen = ", ".join(f"{each.sql} AS c{n}" for n, each in enumerate(wanted.values()))
        stop = threading.Timer(self._seconds, self._connection.interrupt)
        self._connection.register(_TABLE, table)
        stop.start()
        try:
            answer = self._connection.sql(
                f"SELECT {chosen} FROM {_TABLE}"  # noqa: S608 - each expression is checked
            ).to_arrow_table()
        except duckdb.InterruptException as error:
            raise RuleFailed(
                f"took longer than {self._seconds:g} s over {requests.num_rows} requests;"
                " make the expression simpler"
            ) from error
        except duckdb.Error as error:
            raise RuleFailed(f"cannot be carried out: {_line(error)}") from error
        finally:
            stop.cancel()
            self._connection.unregister(_TABLE)
        return {name: answer.column(n) for n, name in enumerate(wanted)}


def empty(kinds: Mapping[str, str]) -> pa.Table:
    """Return a table of signals without rows."""
    fields = [(name, _arrow(kind)) for name, kind in kinds.items()]
    return pa.schema([*fields, ("no_signal", pa.bool_())]).empty_table()


def _of_signals(requests: pa.Table, names: Sequence[str], kinds: Mapping[str, str]) -> pa.Table:
    # A column that no expression can name keeps the number of rows where none is needed.
    columns: dict[str, Any] = {"no_signal": pa.nulls(requests.num_rows, pa.bool_())}
    for name in names:
        kind = _arrow(kinds.get(name, "number"))
        if name in requests.column_names:
            columns[name] = requests.column(name).cast(kind)
        else:
            columns[name] = pa.nulls(requests.num_rows, kind)
    return pa.table(columns)


def _arrow(kind: str) -> Any:
    return pa.string() if kind == "label" else pa.float64()


def _locked(memory_mb: int = MEMORY_MB) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": f"{memory_mb}MB"})
    for setting in (
        "ieee_floating_point_ops = false",  # a division by zero is null, and not beyond all bounds
        "temp_directory = ''",  # what does not fit into memory is not written to disk
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def _line(error: object) -> str:
    said = str(error).split("\n\nLINE")[0].split("\nLINE")[0].split("Candidate bindings")[0]
    return " ".join(said.split())
