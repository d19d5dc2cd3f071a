"""Whether the application says that it cannot answer (1) or answers (0)."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="abstained",
    layer=ANSWER,
    unit="1",
    describes="Whether the application says that it cannot answer (1) or answers (0).",
    healthy=(
        "About one in five questions, nearly all of which nothing in the documents or the "
        "ledger answers. Rises when evidence gets lost."
    ),
    of=number_of(semconv.ANSWER_ABSTAINED),
)
