"""Rows of the search by words."""

from __future__ import annotations

from observability.signals.reading import number_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import DATA

SIGNAL = Signal(
    name="lexical_returned",
    layer=DATA,
    unit="1",
    describes="Rows of the search by words.",
    healthy="Always 40, the number asked for; fewer when the index is small or the filter narrow.",
    of=number_of(semconv.LEXICAL_RETURNED),
)
