"""Finds single traces in a run's recording, those of twins too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

import pyarrow.compute as pc

from observability.recording import parts, span_table
from observability.recording.errors import AmbiguousTraceError, UnknownTraceError
from observability.recording.records import SpanRecord, TruthRecord
from observability.recording.run_folder import RunFolder
from observability.recording.sqlite import TraceSummary


class RunTraces:
    """The traces of a run by how their ids begin; a request's, or a twin's that is not hidden."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def close(self) -> None:
        """Do nothing: no file is held open."""

    def spans(self, begins: str) -> Sequence[SpanRecord]:
        """Return the spans of a trace.

        Raises ``UnknownTraceError``, ``AmbiguousTraceError`` or ``DamagedRunError``.
        """
        found: dict[str, Path] = {}
        for table in ("spans",) if self._folder.hidden else ("spans", "twins"):
            for path in self._folder.parts(table).values():
                ids = parts.read(path, ["trace_id"]).column("trace_id").unique().to_pylist()
                hexes = (trace_id.hex() for trace_id in ids)
                found |= {each: path for each in hexes if each.startswith(begins.lower())}
        if not found or not begins:
            raise UnknownTraceError(f"no trace {begins!r} in {self._folder.path}")
        if len(found) > 1:
            raise AmbiguousTraceError(f"several traces begin with {begins!r}; give more digits")
        ((trace_id, path),) = found.items()
        rows = parts.read(path)
        mine = rows.filter(pc.equal(rows.column("trace_id"), bytes.fromhex(trace_id)))
        return tuple(span_table.from_table(mine))

    def last(self, count: int) -> list[TraceSummary]:
        """Return the requests that began last, newest first; those of an unfinished run too."""
        return list(islice(self._newest(), count))

    def truth(self, begins: str) -> TruthRecord:
        """Return what is true of a request.

        Raises what ``spans`` raises, ``TruthMissingError`` without the seal, and
        ``UnknownTraceError`` for a twin.
        """
        trace_id = self.spans(begins)[0].trace_id
        for truth in self._folder.truth():
            if truth.trace_id == trace_id:
                return truth
        raise UnknownTraceError(f"{trace_id} is no request of the run but somebody's twin")

    def _newest(self) -> Iterator[TraceSummary]:
        # A block's requests began before those of the next, but for late turns of a session.
        for path in reversed(list(self._folder.parts("spans").values())):
            spans = span_table.from_table(parts.read(path))
            of_block = [_summary(list(t)) for _, t in groupby(spans, key=lambda s: s.trace_id)]
            yield from sorted(of_block, key=lambda one: (-one.start_ns, one.trace_id))


def _summary(spans: Sequence[SpanRecord]) -> TraceSummary:
    root = next((span for span in spans if span.parent_id is None), spans[0])
    return TraceSummary(
        trace_id=root.trace_id,
        root=root.name,
        start_ns=min(span.start_ns for span in spans),
        end_ns=max(span.end_ns for span in spans),
        spans=len(spans),
        errors=sum(span.status == "ERROR" for span in spans),
        services=tuple(sorted({span.service for span in spans})),
    )
