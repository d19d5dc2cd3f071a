"""Share of the answer's claims that the validating model holds for supported."""

from __future__ import annotations

from observability.signals.reading import share_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="support_share",
    layer=ANSWER,
    unit="1",
    describes="Share of the answer's claims that the validating model holds for supported.",
    healthy="1 for 96 of 100 answers that are checked; lookups and abstentions are not.",
    of=share_of(semconv.VALIDATION_CLAIMS_SUPPORTED, semconv.VALIDATION_CLAIMS),
    cost="model",
)
