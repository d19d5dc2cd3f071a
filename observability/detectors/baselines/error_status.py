"""What classic monitoring sees: the share of requests with an error."""

from __future__ import annotations

from collections import deque

from observability.detectors.class_rule import Request
from observability.detectors.rule import RuleInfo

_WINDOW = 100
_MINIMUM = 20


class ErrorStatus:
    """Tells the share of the last hundred requests with an error span or a status of 500 on."""

    info = RuleInfo(
        id="error_status",
        title="Error rate",
        severity="critical",
        description="Too many of the last hundred requests have an error span or a status >= 500.",
        runbook="Open a trace with an error; its deepest span with status ERROR names the part.",
        layer="infrastructure",
        group="baseline",
    )
    threshold = "learned"
    block = 2 * _WINDOW
    cooldown = _WINDOW
    floor = 0.02

    def __init__(self) -> None:
        self._window: deque[bool] = deque(maxlen=_WINDOW)

    def update(self, request: Request) -> float | None:
        errors, status = request["error_spans"], request["status_code"]
        broken = (isinstance(errors, float) and errors > 0) or (
            isinstance(status, float) and status >= 500
        )
        self._window.append(broken)
        if len(self._window) < _MINIMUM:
            return None
        return sum(self._window) / len(self._window)

    def reset(self) -> None:
        self._window.clear()


RULE = ErrorStatus()
