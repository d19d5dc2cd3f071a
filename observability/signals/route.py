"""The way that was taken in the end."""

from __future__ import annotations

from observability.signals.reading import label_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="route",
    layer=ROUTING,
    unit="1",
    describes="The way that was taken in the end.",
    healthy=(
        "A mix that follows the questions: a third `ledger`, a third `documents`, a quarter "
        "`lookup`, the rest `documents_and_ledger`."
    ),
    of=label_of(semconv.ROUTE_NAME),
    kind="label",
)
