"""The greatest similarity of a passage less the least."""

from __future__ import annotations

from observability.signals.reading import numbers
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL


def _of(trace: Trace) -> float | None:
    found = numbers(trace, semconv.RETRIEVAL_SIMILARITIES)
    return max(found) - min(found) if found else None


SIGNAL = Signal(
    name="similarity_spread",
    layer=RETRIEVAL,
    unit="1",
    describes="The greatest similarity of a passage less the least.",
    healthy=(
        "0.0491 to 0.356, median 0.172. Near 0 when all passages are equally near, e.g. when "
        "they are copies or when nothing fits."
    ),
    of=_of,
)
