"""Spans kept in one SQLite file that several processes may write and read at the same time."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from observability.recording.errors import (
    AmbiguousTraceError,
    ForeignFileError,
    RecordingError,
    UnknownTraceError,
)
from observability.recording.records import SpanRecord
from observability.recording.sqlite_rows import COLUMNS, PLACES, record_of, row_of

_log = logging.getLogger(__name__)

_APPLICATION_ID = 0x5747524E  # tells our files from other SQLite files
_FORMAT = 1
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS traces (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    trace_id TEXT NOT NULL UNIQUE,
    spans INTEGER NOT NULL,
    bytes INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS spans (
    trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_id TEXT,
    service TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL, status TEXT NOT NULL,
    attributes TEXT NOT NULL, events TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS spans_by_trace ON spans (trace_id);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_FORMAT};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """A recorded trace in one line; ``root`` is the name of its first span."""

    trace_id: str
    root: str
    services: Sequence[str]
    spans: int
    errors: int
    start_ns: int
    end_ns: int

    @property
    def duration_ms(self) -> float:
        """Return milliseconds from the first start to the last end."""
        return (self.end_ns - self.start_ns) / 1e6


class SQLiteRecording:
    """Keeps the spans of the last traces in a file; ``add`` is a telemetry sink.

    Spans are written in batches: when a trace's root ends, when ``batch`` are
    waiting, and at ``flush`` and ``close``. A process that serves only a part
    of each request never sees a root, so it sets ``every_request``, and its
    batch ends with each SERVER span. The oldest traces go when there are more
    than ``max_traces`` or more than ``max_bytes`` of text. A file that cannot
    be written loses spans and says so once; it never fails a request.

    Raises ``ForeignFileError`` if the file is something else or damaged, and
    ``RecordingError`` if it cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_traces: int = 5_000,
        max_bytes: int = 512 * 2**20,
        batch: int = 256,
        every_request: bool = False,
    ) -> None:
        self.path = path
        self._max_traces = max_traces
        self._max_bytes = max_bytes
        self._batch = batch
        self._every_request = every_request
        self._waiting: list[SpanRecord] = []
        self._lock = threading.RLock()
        self._complained = False
        self._writes = 0
        self._connection = open_spans(path)

    def add(self, span: SpanRecord) -> None:
        """Take a finished span."""
        waiting = self._waiting
        waiting.append(span)
        if (
            span.parent_id is None
            or len(waiting) >= self._batch
            or (self._every_request and span.kind == "SERVER")
        ):
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        with self._lock:
            spans, self._waiting = self._waiting, []
            if not spans:
                return
            try:
                self._write(spans)
            except sqlite3.Error as error:
                if not self._complained:
                    self._complained = True
                    _log.warning("spans cannot be recorded in %s: %s", self.path, error)

    def close(self) -> None:
        """Write what is waiting and close the file; safe to call twice."""
        with self._lock:
            self.flush()
            self._connection.close()

    def spans(self, trace_id: str) -> Sequence[SpanRecord]:
        """Return a trace's spans by start time, found by its id or the beginning of it.

        Raises ``UnknownTraceError`` or ``AmbiguousTraceError``.
        """
        with self._lock:
            self.flush()
            full = self._resolve(trace_id.strip().lower())
            rows = self._connection.execute(
                f"SELECT {COLUMNS} FROM spans WHERE trace_id = ? ORDER BY start_ns, rowid",  # noqa: S608 - constants
                (full,),
            ).fetchall()
        return tuple(record_of(row) for row in rows)

    def last(self, limit: int = 20) -> Sequence[TraceSummary]:
        """Return the traces recorded last, newest first."""
        with self._lock:
            self.flush()
            rows = self._connection.execute(
                "SELECT s.trace_id, GROUP_CONCAT(DISTINCT s.service), COUNT(*),"
                " SUM(s.status = 'ERROR'), MIN(s.start_ns), MAX(s.end_ns),"
                " (SELECT name FROM spans r WHERE r.trace_id = s.trace_id"
                "  ORDER BY r.parent_id IS NOT NULL, r.start_ns LIMIT 1)"
                " FROM (SELECT * FROM traces ORDER BY seq DESC LIMIT ?) t"
                " JOIN spans s ON s.trace_id = t.trace_id GROUP BY t.seq ORDER BY t.seq DESC",
                (limit,),
            ).fetchall()
        return tuple(
            TraceSummary(trace, root, tuple(sorted(services.split(","))), spans, errors, start, end)
            for trace, services, spans, errors, start, end, root in rows
        )

    def _resolve(self, prefix: str) -> str:
        if not prefix or not all(c in "0123456789abcdef" for c in prefix):
            raise UnknownTraceError(f"{prefix!r} is no trace id: 32 hexadecimal digits are.")
        # A range instead of LIKE, so that the index serves it.
        found = self._connection.execute(
            "SELECT trace_id FROM traces WHERE trace_id >= ? AND trace_id < ? LIMIT 3",
            (prefix, prefix + "g"),
        ).fetchall()
        if not found:
            raise UnknownTraceError(
                f"no trace {prefix!r} in {self.path}; the last {self._max_traces} are kept"
            )
        if len(found) > 1:
            raise AmbiguousTraceError(f"several traces begin with {prefix!r}; give more digits")
        return str(found[0][0])

    def _write(self, spans: Sequence[SpanRecord]) -> None:
        rows = [row_of(span) for span in spans]
        sizes: dict[str, list[int]] = {}
        for row in rows:
            size = sizes.setdefault(str(row[0]), [0, 0])
            size[0] += 1
            size[1] += len(str(row[9])) + len(str(row[10])) + 200
        with self._connection:
            self._connection.executemany(
                f"INSERT INTO spans ({COLUMNS}) VALUES ({PLACES})",  # noqa: S608 - constants
                rows,
            )
            self._connection.executemany(
                "INSERT INTO traces (trace_id, spans, bytes) VALUES (?, ?, ?)"
                " ON CONFLICT (trace_id) DO UPDATE SET spans = spans + excluded.spans,"
                " bytes = bytes + excluded.bytes",
                [(trace, count, size) for trace, (count, size) in sizes.items()],
            )
            self._writes += 1
            if self._writes % 32 == 1:  # pruning looks at every trace, so not at each write
                self._prune()

    def _prune(self) -> None:
        kept, size = self._connection.execute("SELECT COUNT(*), SUM(bytes) FROM traces").fetchone()
        while kept > self._max_traces or (size > self._max_bytes and kept > 1):
            excess = max(kept - self._max_traces, kept // 10, 1)
            oldest = self._connection.execute(
                "SELECT trace_id, bytes FROM traces ORDER BY seq LIMIT ?",
                (min(excess, kept - 1),),
            ).fetchall()
            if not oldest:
                return
            ids = [(trace,) for trace, _ in oldest]
            self._connection.executemany("DELETE FROM spans WHERE trace_id = ?", ids)
            self._connection.executemany("DELETE FROM traces WHERE trace_id = ?", ids)
            kept -= len(oldest)
            size -= sum(bytes_ for _, bytes_ in oldest)


def open_spans(path: Path) -> sqlite3.Connection:
    """Open the file, made if there is none; raises ``ForeignFileError`` or ``RecordingError``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=1.0, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise RecordingError(f"cannot open the recording {path}: {error}") from error
    try:
        foreign = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] > 0
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if foreign and (application, version) != (_APPLICATION_ID, _FORMAT):
            raise ForeignFileError(f"{path} is no recording of this version. Move it away.")
        connection.execute("PRAGMA journal_mode = WAL")
        # Losing the last spans in a power cut is fine; waiting for the disk is not.
        connection.execute("PRAGMA synchronous = OFF")
        if not foreign:  # in one transaction: another process sees all of it or nothing
            connection.executescript(_SCHEMA)
    except sqlite3.DatabaseError as error:
        connection.close()
        if isinstance(error, sqlite3.OperationalError):
            raise RecordingError(f"cannot open the recording {path}: {error}") from error
        raise ForeignFileError(
            f"{path} is no recording or is damaged ({error}). Move it away."
        ) from error
    except ForeignFileError:
        connection.close()
        raise
    return connection
