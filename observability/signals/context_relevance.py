"""Share of the question's words and entities that the shown passages and records hold."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import Signal
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_relevance",
    layer=CONTEXT,
    unit="1",
    describes=(
        "Share of the question's words and entities that the shown passages and records hold, "
        "on average."
    ),
    healthy="0.333 to 1, median 0.714. Falls when passages are about something else.",
    of=check_of("context_relevance"),
    cost="check",
)
