"""What the question is taken to be about."""

from __future__ import annotations

from observability.signals.reading import label_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="intent",
    layer=ROUTING,
    unit="1",
    describes=(
        "What the question is taken to be about; the family of the question as the application "
        "sees it."
    ),
    healthy="A mix that follows the questions; no kind has more than a quarter.",
    of=label_of(semconv.INTENT_LABEL),
    kind="label",
)
