"""Share of the passages whose score is not above that of the one before."""

from __future__ import annotations

from itertools import pairwise

from observability.signals.reading import mean, numbers
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL


def _of(trace: Trace) -> float | None:
    scores = numbers(trace, semconv.RETRIEVAL_SCORES)
    return mean([float(before >= after) for before, after in pairwise(scores)])


SIGNAL = Signal(
    name="score_order",
    layer=RETRIEVAL,
    unit="1",
    describes=(
        "Share of the passages whose score is not above that of the one before: 1 is best "
        "first, 0 worst first."
    ),
    healthy="1. Less means that the passages are not in the order of their scores.",
    of=_of,
)
