"""What classic monitoring sees: the 95th percentile of latency."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

from observability.detectors.class_rule import Request
from observability.detectors.rule import RuleInfo

_WINDOW = 100
_MINIMUM = 50


class LatencyThreshold:
    """Tells the 95th percentile (nearest rank) of the last hundred latencies, in seconds."""

    info = RuleInfo(
        id="latency_threshold",
        title="Latency, 95th percentile",
        severity="warning",
        description="The slowest of the last hundred requests are slower than healthy ones.",
        runbook="Compare the stages' latencies with those of a healthy trace.",
        layer="infrastructure",
        group="baseline",
    )
    threshold = "learned"
    block = 2 * _WINDOW
    cooldown = _WINDOW

    def __init__(self) -> None:
        self._window: deque[float] = deque()
        self._ordered: list[float] = []

    def update(self, request: Request) -> float | None:
        latency = request["latency"]
        if not isinstance(latency, float):
            return None
        self._window.append(latency)
        insort(self._ordered, latency)
        if len(self._window) > _WINDOW:
            del self._ordered[bisect_left(self._ordered, self._window.popleft())]
        if len(self._window) < _MINIMUM:
            return None
        return self._ordered[(95 * len(self._ordered) - 1) // 100]

    def reset(self) -> None:
        self._window.clear()
        self._ordered.clear()


RULE = LatencyThreshold()
