"""Follows the file of spans that others write, and hands traces on as they become whole."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from observability.recording.errors import RecordingError
from observability.recording.records import SpanRecord
from observability.recording.sqlite import open_spans
from observability.recording.sqlite_rows import COLUMNS, record_of

_ROWS = 5_000  # of one reading, so that a long past is not read at once
_REMEMBERED = 20_000  # traces that were handed on

Spans = Sequence[SpanRecord]


@dataclass(slots=True)
class _Open:
    """A trace that is not handed on yet; times are nanoseconds."""

    first_seen: int
    last_seen: int
    spans: dict[str, SpanRecord] = field(default_factory=dict)

    @property
    def start_ns(self) -> int:
        return min(span.start_ns for span in self.spans.values())

    def is_whole(self) -> bool:
        parents = [span.parent_id for span in self.spans.values()]
        return None in parents and all(each is None or each in self.spans for each in parents)


class TraceFollower:
    """Hands on each trace once, in the order in which they began.

    A trace is whole when its root has ended, every parent is there and nothing
    came for ``settle`` seconds. One that began before it is waited for. After
    ``patience`` seconds, or when more than ``most`` are open, a trace is handed
    on as it is and counted in ``incomplete``; what comes of it afterwards is
    counted in ``late`` spans. Readers of the file block no writer.
    """

    def __init__(
        self,
        path: Path,
        *,
        from_start: bool = False,
        settle: float = 0.4,
        patience: float = 10.0,
        most: int = 1_000,
    ) -> None:
        """Follow a file, which need not be there yet; with ``from_start``, what it holds too."""
        self.path = path
        self.incomplete = 0
        self.late = 0
        self._settle_ns = round(settle * 1e9)
        self._patience_ns = round(patience * 1e9)
        self._most = most
        self._row: int | None = 0 if from_start or not path.is_file() else None
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._open: dict[str, _Open] = {}
        self._done: OrderedDict[str, None] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Return how many traces are not whole yet."""
        return len(self._open)

    def poll(self, now_ns: int) -> list[Spans]:
        """Return the traces that have become whole, in order of start; none while there is no file.

        Raises ``ForeignFileError``.
        """
        while True:
            rows = self._read()
            for span in rows:
                self._take(span, now_ns)
            if len(rows) < _ROWS:
                return self._ready(now_ns, drain=False)

    def drain(self, now_ns: int) -> list[Spans]:
        """Return what is left, whole or not, when nothing more is waited for."""
        return self._ready(now_ns, drain=True)

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self) -> Sequence[SpanRecord]:
        if not self._connected():
            return ()
        assert self._connection is not None  # noqa: S101 - what connected says
        try:
            if self._row is None:
                last = self._connection.execute("SELECT MAX(rowid) FROM spans").fetchone()[0]
                self._row = last or 0
            rows = self._connection.execute(
                f"SELECT rowid, {COLUMNS} FROM spans WHERE rowid > ? ORDER BY rowid LIMIT ?",  # noqa: S608 - constants
                (self._row, _ROWS),
            ).fetchall()
        except sqlite3.OperationalError:  # e.g. locked for longer than we wait: the next time, then
            return ()
        if rows:
            self._row = rows[-1][0]
        return [record_of(row[1:]) for row in rows]

    def _connected(self) -> bool:
        try:
            found = self.path.stat()
        except OSError:
            self.close()
            return False
        file = (found.st_dev, found.st_ino)
        if self._connection is not None and file == self._file:
            return True
        if self._connection is not None:  # the file was removed and made again
            self.close()
            self._row = 0
        try:
            self._connection = open_spans(self.path)
        except RecordingError as error:
            if isinstance(error.__cause__, sqlite3.OperationalError):  # it is being made just now
                return False
            raise
        self._file = file
        with suppress(sqlite3.OperationalError):
            self._connection.execute("PRAGMA query_only = ON")
        return True

    def _take(self, span: SpanRecord, now_ns: int) -> None:
        if span.trace_id in self._done:
            self.late += 1
            return
        trace = self._open.setdefault(span.trace_id, _Open(now_ns, now_ns))
        trace.last_seen = now_ns
        trace.spans[span.span_id] = span

    def _ready(self, now_ns: int, drain: bool) -> list[Spans]:
        ready: list[Spans] = []
        excess = len(self._open) - self._most
        for trace_id, trace in sorted(self._open.items(), key=lambda item: item[1].start_ns):
            whole = trace.is_whole() and now_ns - trace.last_seen >= self._settle_ns
            given_up = drain or excess > 0 or now_ns - trace.first_seen >= self._patience_ns
            if not whole and not given_up:
                break  # those that began later wait for it
            self.incomplete += not trace.is_whole()
            excess -= 1
            ready.append(tuple(sorted(trace.spans.values(), key=lambda span: span.start_ns)))
            del self._open[trace_id]
            self._done[trace_id] = None
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
        return ready
