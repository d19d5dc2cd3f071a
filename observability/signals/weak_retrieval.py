"""How little what was found speaks to the question."""

from __future__ import annotations

from observability.signals.reading import clamped, known, mean
from observability.signals.signal import Signal
from observability.signals.trace import Trace, number
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL


def _of(trace: Trace) -> float | None:
    similarity = number(
        trace.having(semconv.RETRIEVAL_TOP1_SIMILARITY), semconv.RETRIEVAL_TOP1_SIMILARITY
    )
    if similarity is None:
        return None
    strengths = known(similarity, trace.evaluations.get("context_relevance"))
    return mean([1 - clamped(strength) for strength in strengths])


SIGNAL = Signal(
    name="weak_retrieval",
    layer=RETRIEVAL,
    unit="1",
    describes=(
        "Mean of (1 - top1_similarity) and (1 - context_relevance), of those that there are; "
        "none where nothing was searched."
    ),
    healthy=(
        "0.211 to 0.604, median 0.431. Compare with itself over time; there is no absolute limit."
    ),
    of=_of,
    cost="check",
)
