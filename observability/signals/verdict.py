"""What validation says of the answer."""

from __future__ import annotations

from observability.signals.reading import label_of
from observability.signals.signal import ANSWER, Signal
from observability.telemetry import semconv

SIGNAL = Signal(
    name="verdict",
    layer=ANSWER,
    unit="1",
    describes="What validation says of the answer.",
    healthy=(
        "`supported` for most; `not_checked` for the short way, `abstained` for about a fifth, "
        "`unsupported` for about one in fifty."
    ),
    of=label_of(semconv.VALIDATION_VERDICT),
    cost="model",
    kind="label",
)
