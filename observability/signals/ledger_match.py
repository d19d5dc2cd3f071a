"""Share of the answer's figures that the ledger's records state."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="ledger_match",
    layer=ANSWER,
    unit="1",
    describes="Share of the answer's figures that the ledger's records state.",
    healthy=(
        "1 for four of five. An answer out of documents may hold figures that no record has, so "
        "0 is no proof of a mistake."
    ),
    of=number_of(semconv.VALIDATION_LEDGER_MATCH),
    cost="check",
)
