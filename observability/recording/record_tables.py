"""Requests, metrics, logs and truth as Arrow tables and back, a column for each field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pyarrow as pa

from observability.recording.attribute_columns import dump, load
from observability.recording.errors import RecordingError
from observability.recording.parts import DIGEST_RANGE
from observability.recording.records import LogRecord, MetricRecord, TruthRecord
from observability.recording.request_rows import RequestRow
from observability.recording.span_table import digest_of

R = TypeVar("R")
_NAMES = "names"  # a sequence of texts
_FLOATS = "floats"
_COUNTS = "counts"
_JSON = "json"  # a mapping, kept as text
_TRACE = "trace"  # an id, kept as bytes
_SPAN = "span"
_TEXT, _INT, _FLOAT, _BOOL = "text", "int", "float", "bool"


@dataclass(frozen=True, slots=True)
class _Column:
    type: pa.DataType
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _hex(value: str | None) -> bytes | None:
    return None if value is None else bytes.fromhex(value)


def _unhex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _list(element: pa.DataType) -> _Column:
    return _Column(pa.list_(pa.field("element", element)), list, lambda value: tuple(value or ()))


_COLUMNS: Mapping[str, _Column] = {
    _TEXT: _Column(pa.string()),
    _INT: _Column(pa.int64()),
    _FLOAT: _Column(pa.float64()),
    _BOOL: _Column(pa.bool_()),
    _NAMES: _list(pa.string()),
    _FLOATS: _list(pa.float64()),
    _COUNTS: _list(pa.int64()),
    _JSON: _Column(pa.string(), dump, load),
    _TRACE: _Column(pa.binary(16), _hex, _unhex),
    _SPAN: _Column(pa.binary(8), _hex, _unhex),
}


@dataclass(frozen=True, slots=True)
class RecordTable(Generic[R]):
    """How records of one class are kept: ``fields`` maps each field to the kind of its column.

    ``later`` are yes-or-no fields that older recordings do not have. No is their
    default and is left out of the digest, so that it is what it was before.
    """

    record: Callable[..., R]
    fields: Mapping[str, str]
    later: frozenset[str] = frozenset()

    @property
    def schema(self) -> pa.Schema:
        """Return the columns and their types."""
        return pa.schema([(name, _COLUMNS[kind].type) for name, kind in self.fields.items()])

    def to_table(self, records: Sequence[R]) -> pa.Table:
        """Return records as a table; ``RecordingError`` for one that cannot be kept."""
        try:
            columns = [
                pa.array(
                    [_COLUMNS[kind].write(getattr(record, name)) for record in records],
                    _COLUMNS[kind].type,
                )
                for name, kind in self.fields.items()
            ]
        except (TypeError, ValueError, OverflowError) as error:
            raise RecordingError(f"a record cannot be kept: {error}") from error
        return pa.table(columns, schema=self.schema)

    def from_table(self, table: pa.Table) -> Iterator[R]:
        """Yield the records of a table; a column that it does not have is left at its default."""
        fields = {name: kind for name, kind in self.fields.items() if name in table.column_names}
        columns = [
            [_COLUMNS[kind].read(value) for value in table.column(name).to_pylist()]
            for name, kind in fields.items()
        ]
        for values in zip(*columns, strict=True):
            yield self.record(**dict(zip(fields, values, strict=True)))

    def digest(self, records: Sequence[R]) -> int:
        """Return what is the same for the same records in any order, as for spans."""
        return sum(digest_of(self._told(record)) for record in records) % DIGEST_RANGE

    def _told(self, record: R) -> list[Any]:
        told = [
            _plain(getattr(record, name), kind)
            for name, kind in self.fields.items()
            if name not in self.later
        ]
        return told + [name for name in sorted(self.later) if getattr(record, name)]


def _plain(value: Any, kind: str) -> Any:
    """Return a value as it will be read again: 5 in a column of real numbers is 5.0."""
    if kind == _JSON:
        return dump(value)
    if kind == _FLOAT and value is not None:
        return float(value)
    return [float(item) for item in value] if kind == _FLOATS else value


REQUESTS = RecordTable(
    RequestRow,
    {
        "trace_id": _TRACE,
        "request_id": _TEXT,
        "session_id": _TEXT,
        "user_id": _TEXT,
        "start_ns": _INT,
        "duration_ms": _FLOAT,
        "status_code": _INT,
        "spans": _INT,
        "error_spans": _INT,
        "route": _TEXT,
        "route_confidence": _FLOAT,
        "intent": _TEXT,
        "agents": _NAMES,
        "tools": _NAMES,
        "models": _NAMES,
        "model_calls": _INT,
        "input_tokens": _INT,
        "output_tokens": _INT,
        "cost_usd": _FLOAT,
        "time_to_first_chunk_s": _FLOAT,
        "abstained": _BOOL,
        "answer_length": _INT,
        "answer_confidence": _FLOAT,
        "citations": _INT,
        "citation_match": _FLOAT,
        "verdict": _TEXT,
        "groundedness": _FLOAT,
        "hallucination_risk": _FLOAT,
        "top1_similarity": _FLOAT,
        "mean_similarity": _FLOAT,
        "context_kept": _INT,
        "context_tokens": _INT,
        "context_truncated": _BOOL,
        "review_required": _BOOL,
        "review_reason": _TEXT,
        "fallback_used": _BOOL,
        "exceptions": _INT,
    },
)
METRICS = RecordTable(
    MetricRecord,
    {
        "service": _TEXT,
        "name": _TEXT,
        "kind": _TEXT,
        "unit": _TEXT,
        "start_ns": _INT,
        "time_ns": _INT,
        "value": _FLOAT,
        "count": _INT,
        "bounds": _FLOATS,
        "buckets": _COUNTS,
        "attributes": _JSON,
        "monotonic": _BOOL,
    },
    later=frozenset({"monotonic"}),
)
LOGS = RecordTable(
    LogRecord,
    {
        "service": _TEXT,
        "time_ns": _INT,
        "severity": _TEXT,
        "body": _TEXT,
        "trace_id": _TRACE,
        "span_id": _SPAN,
        "attributes": _JSON,
    },
)
TRUTH = RecordTable(
    TruthRecord,
    {
        "trace_id": _TRACE,
        "arm": _TEXT,
        "question_id": _TEXT,
        "family": _TEXT,
        "wording": _TEXT,
        "question": _TEXT,
        "expected": _TEXT,
        "given": _TEXT,
        "correct": _BOOL,
        "abstained": _BOOL,
        "answerable": _BOOL,
        "number": _INT,
        "faults": _JSON,
        "receipts": _JSON,
        "twin": _TRACE,
        "twin_correct": _BOOL,
        "luck_differs": _BOOL,
        "luck_correct": _BOOL,
        "culprit_span": _SPAN,
        "culprit_name": _TEXT,
        "culprit_agent": _TEXT,
        "culprit_layer": _TEXT,
        "culprit_seam": _TEXT,
    },
)
