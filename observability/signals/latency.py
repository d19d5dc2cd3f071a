"""Time from the workflow's start to its end."""

from __future__ import annotations

from observability.signals.signal import INFRASTRUCTURE, Signal
from observability.signals.trace import seconds

SIGNAL = Signal(
    name="latency",
    layer=INFRASTRUCTURE,
    unit="s",
    describes="Time from the workflow's start to its end.",
    healthy="5.55 to 9.07, median 7.13. The simulated models take the time that real ones would.",
    of=lambda trace: seconds([trace.workflow]),
)
