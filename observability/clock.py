"""The clock that everything else is handed: real time, or a loop's virtual time."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now_ns(self) -> int:
        """Return nanoseconds since the Unix epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let the given time pass."""
        ...


class RealClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        return time.time_ns()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
