"""Length of the context."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_tokens",
    layer=CONTEXT,
    unit="tokens",
    describes="Length of the context.",
    healthy=(
        "340 to 862, median 619. Follows the length of the passages; falls when they are cut off."
    ),
    of=number_of(semconv.CONTEXT_TOKENS),
)
