"""Share of the context's passages that come from a document which is in it already."""

from __future__ import annotations

from observability.signals.reading import texts
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT


def _of(trace: Trace) -> float | None:
    sources = texts(trace, semconv.CONTEXT_SOURCES)
    return 1 - len(set(sources)) / len(sources) if sources else None


SIGNAL = Signal(
    name="context_repeated_share",
    layer=CONTEXT,
    unit="1",
    describes="Share of the context's passages that come from a document which is in it already.",
    healthy=(
        "0 to 0.8, median 0.4. Several pieces of one document are usual; 0 for question after "
        "question is not."
    ),
    of=_of,
)
