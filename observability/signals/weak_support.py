"""How little bears the answer out."""

from __future__ import annotations

from observability.signals import groundedness, support_share
from observability.signals.reading import clamped, known, mean
from observability.signals.signal import ANSWER, Signal
from observability.signals.trace import Trace, as_number


def _of(trace: Trace) -> float | None:
    strengths = known(
        as_number(support_share.SIGNAL.of(trace)),
        as_number(groundedness.SIGNAL.of(trace)),
        trace.evaluations.get("citation_validity"),
    )
    found = mean([clamped(strength) for strength in strengths])
    return None if found is None else 1 - found


SIGNAL = Signal(
    name="weak_support",
    layer=ANSWER,
    unit="1",
    describes=(
        "1 less the mean of support_share, groundedness and citation_validity, of those that "
        "there are."
    ),
    healthy=(
        "0 for 96 of 100 answers that are checked. Blind to an answer that is true to a wrong "
        "document."
    ),
    of=_of,
    cost="model",
)
