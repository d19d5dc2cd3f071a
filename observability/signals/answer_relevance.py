"""Whether the answer holds the kind of thing that is asked for."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import ANSWER, Signal

SIGNAL = Signal(
    name="answer_relevance",
    layer=ANSWER,
    unit="1",
    describes=(
        "Whether the answer holds the kind of thing that is asked for, and takes up the "
        "question's words."
    ),
    healthy=(
        "0.3 to 1, median 0.833. Short answers take up few of the question's words, so a low "
        "value is common."
    ),
    of=check_of("answer_relevance"),
    cost="check",
)
