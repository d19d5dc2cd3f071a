"""Why a person has to look at the answer."""

from __future__ import annotations

from observability.signals.reading import label_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="review_reason",
    layer=ANSWER,
    unit="1",
    describes="Why a person has to look at the answer; none where nobody has to.",
    healthy=(
        "`no answer to a payment question` and `the answer is not supported by its documents`, "
        "about equally often."
    ),
    of=label_of(semconv.REVIEW_REASON),
    kind="label",
)
