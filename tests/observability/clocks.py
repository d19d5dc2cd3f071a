"""A clock for tests, which moves only when it is told to or asked to."""

from __future__ import annotations


class TickingClock:
    """Starts at a known moment and goes on by ``step_ns`` at every look."""

    def __init__(self, start_ns: int = 1_000_000_000, step_ns: int = 1_000) -> None:
        self._now = start_ns
        self._step = step_ns

    def now_ns(self) -> int:
        self._now += self._step
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += int(seconds * 1e9)
