"""The agents in the order of their turns."""

from __future__ import annotations

from observability.signals.reading import texts
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> str | None:
    return " > ".join(texts(trace, semconv.AGENT_PATH) or ()) or None


SIGNAL = Signal(
    name="path",
    layer=ROUTING,
    unit="1",
    describes="The agents in the order of their turns.",
    healthy=(
        "Four paths, one for each route. A further one, or another mix, is a change of routing."
    ),
    of=_of,
    kind="label",
)
