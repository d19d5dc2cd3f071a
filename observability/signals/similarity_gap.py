"""The greatest similarity of a passage less the second greatest."""

from __future__ import annotations

from observability.signals.reading import numbers
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL


def _of(trace: Trace) -> float | None:
    found = sorted(numbers(trace, semconv.RETRIEVAL_SIMILARITIES), reverse=True)
    return found[0] - found[1] if len(found) > 1 else None


SIGNAL = Signal(
    name="similarity_gap",
    layer=RETRIEVAL,
    unit="1",
    describes="The greatest similarity of a passage less the second greatest.",
    healthy=(
        "0.00213 to 0.213, median 0.0486. It is wide, so only a shift of many requests says "
        "something."
    ),
    of=_of,
)
