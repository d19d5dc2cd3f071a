"""By how many places reranking moved a candidate."""

from __future__ import annotations

from observability.signals.reading import numbers
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import RETRIEVAL


def _of(trace: Trace) -> float | None:
    ranks = numbers(trace, semconv.RERANK_RANK_CHANGES)
    if not ranks:
        return None
    moved = sum(abs(before - now) for now, before in enumerate(ranks))
    return moved / len(ranks) / len(ranks)


SIGNAL = Signal(
    name="rerank_displacement",
    layer=RETRIEVAL,
    unit="1",
    describes=(
        "By how many places reranking moved a candidate, on average, as a share of the number "
        "of candidates."
    ),
    healthy="0.111 to 0.276, median 0.181. Rises when reranking shuffles; 0 when it does nothing.",
    of=_of,
)
