"""The truth ledger: what was wrong and whether the answer was right, apart from any trace.

Whoever judges traces must not read it. It is keyed by trace id, so that
verdicts can be compared with it afterwards.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from faults.plan import ActiveFault


@dataclass(frozen=True, slots=True)
class TruthRecord:
    """What is true of one request.

    ``faults`` were active for it; ``twin`` is the trace id of the healthy run
    of the same question with the same luck, None for a healthy one.
    """

    trace_id: str
    arm: str
    question_id: str
    question: str
    expected: str
    given: str
    correct: bool
    abstained: bool
    faults: tuple[ActiveFault, ...] = ()
    twin: str | None = None


_COLUMNS = tuple(field.name for field in fields(TruthRecord))


class TruthLedger:
    """A SQLite file of truth records."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is created with the first record."""
        self._path = path

    def add(self, records: Iterable[TruthRecord]) -> None:
        """Keep records; one with a known trace id takes the place of the old one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        marks = ", ".join("?" * len(_COLUMNS))
        with closing(sqlite3.connect(self._path)) as database, database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS truth (trace_id TEXT PRIMARY KEY, arm TEXT NOT NULL, "
                "question_id TEXT NOT NULL, question TEXT NOT NULL, expected TEXT NOT NULL, "
                "given TEXT NOT NULL, correct INTEGER NOT NULL, abstained INTEGER NOT NULL, "
                "faults TEXT NOT NULL, twin TEXT)"
            )
            database.executemany(
                f"INSERT OR REPLACE INTO truth ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608 - column names of this file
                (_row(record) for record in records),
            )

    def find(self, trace_id: str) -> TruthRecord | None:
        """Return what is known of a trace, or None."""
        return next(self._select("WHERE trace_id = ?", (trace_id,)), None)

    def __iter__(self) -> Iterator[TruthRecord]:
        return self._select("ORDER BY rowid", ())

    def _select(self, clause: str, values: tuple[str, ...]) -> Iterator[TruthRecord]:
        if not self._path.exists():
            return
        with closing(sqlite3.connect(self._path)) as database:
            query = f"SELECT {', '.join(_COLUMNS)} FROM truth {clause}"  # noqa: S608 - clauses of this file
            rows = database.execute(query, values).fetchall()
        for row in rows:
            yield _record(row)


def _row(record: TruthRecord) -> tuple[object, ...]:
    values = {name: getattr(record, name) for name in _COLUMNS}
    values["faults"] = json.dumps({fault.id: fault.severity for fault in record.faults})
    return tuple(values.values())


def _record(row: tuple[object, ...]) -> TruthRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    severities: dict[str, float] = json.loads(str(values["faults"]))
    return TruthRecord(
        trace_id=str(values["trace_id"]),
        arm=str(values["arm"]),
        question_id=str(values["question_id"]),
        question=str(values["question"]),
        expected=str(values["expected"]),
        given=str(values["given"]),
        correct=bool(values["correct"]),
        abstained=bool(values["abstained"]),
        faults=tuple(ActiveFault(key, value) for key, value in severities.items()),
        twin=None if values["twin"] is None else str(values["twin"]),
    )
