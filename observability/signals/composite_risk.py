"""How likely it is that an answer is made up, out of three weaknesses."""

from __future__ import annotations

from observability.signals import uncertainty, weak_retrieval, weak_support
from observability.signals.reading import known, mean
from observability.signals.signal import ANSWER, Signal
from observability.signals.trace import Trace, as_number, number
from observability.telemetry import semconv


def _of(trace: Trace) -> float | None:
    if number(trace.having(semconv.ANSWER_ABSTAINED), semconv.ANSWER_ABSTAINED):
        return None
    parts = (weak_retrieval, weak_support, uncertainty)
    return mean(known(*(as_number(part.SIGNAL.of(trace)) for part in parts)))


SIGNAL = Signal(
    name="composite_risk",
    layer=ANSWER,
    unit="1",
    describes=(
        "Mean of weak_retrieval, weak_support and uncertainty, of those that there are; no "
        "learned weights. None for an abstention, which states nothing."
    ),
    healthy=(
        "0.00155 to 0.372, median 0.0932. Which parts there are depends on the way, so compare "
        "requests of one route."
    ),
    of=_of,
    cost="model",
)
