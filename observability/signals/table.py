"""The table of signals: one row for each request, one column for each signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from observability.recording.records import SpanRecord
from observability.signals.signal import Signal, Value, load_signals
from observability.signals.trace import Trace, as_number, text
from observability.telemetry import semconv

REQUEST_COLUMNS: Final = pa.schema(
    [
        ("trace_id", pa.string()),
        ("start_ns", pa.int64()),
        ("end_ns", pa.int64()),
        ("session", pa.string()),
        ("user", pa.string()),
    ]
)
"""What stands before the signals: which request it is. Rules may group by the last two."""


def signal_table(
    traces: Iterable[Sequence[SpanRecord]], signals: Mapping[str, Signal] | None = None
) -> pa.Table:
    """Return the signals of some traces, in order of start.

    Numbers are float64 and labels text; null is what a request does not have.
    ``signals`` are all there are unless some are given. A trace without spans
    is no request and has no row.
    """
    chosen = load_signals() if signals is None else signals
    schema = table_schema(chosen)
    columns: list[list[Any]] = [[] for _ in schema]
    readers = [(signal.of, signal.kind == "label") for signal in chosen.values()]
    for spans in traces:
        if not spans:
            continue
        trace = Trace(spans)
        row = _request(trace)
        row += [_label(of(trace)) if is_label else as_number(of(trace)) for of, is_label in readers]
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return in_order(pa.table(arrays, schema=schema))


def table_schema(signals: Mapping[str, Signal]) -> pa.Schema:
    """Return the columns of a table of some signals."""
    types = {"number": pa.float64(), "label": pa.string()}
    fields = [pa.field(name, types[signal.kind]) for name, signal in signals.items()]
    return pa.schema([*REQUEST_COLUMNS, *fields])


def in_order(table: pa.Table) -> pa.Table:
    """Return a table of signals in order of start, those that began together by trace."""
    order = pc.sort_indices(table, [("start_ns", "ascending"), ("trace_id", "ascending")])
    return table.take(order)


def _request(trace: Trace) -> list[Any]:
    keys = (semconv.SESSION_ID, semconv.GEN_AI_CONVERSATION_ID)
    session = next((found for key in keys if (found := text(trace.having(key), key))), None)
    return [
        trace.root.trace_id,
        trace.spans[0].start_ns,
        max(span.end_ns for span in trace.spans),
        session,
        text(trace.having(semconv.USER_ID), semconv.USER_ID),
    ]


def _label(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _array(values: list[Any], type_: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, type_)
    except UnicodeEncodeError:  # half a surrogate pair, which no UTF-8 can hold
        return pa.array(
            [v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in values],
            type_,
        )
