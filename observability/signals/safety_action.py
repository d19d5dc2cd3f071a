"""What the safety checks did with the answer."""

from __future__ import annotations

from observability.signals.reading import label_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="safety_action",
    layer=ANSWER,
    unit="1",
    describes="What the safety checks did with the answer.",
    healthy="`allow`; `redact` and `block` when something was found.",
    of=label_of(semconv.SAFETY_ACTION),
    kind="label",
)
