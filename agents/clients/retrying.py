"""Bounded retries of an HTTP call: 429, 5xx, broken connections and timeouts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from observability.clock import Clock

SEED_HEADER = "X-StillGreen-Seed"
"""Carries the luck of a request to a service."""

RETRIED_STATUS = frozenset({408, 429, 500, 502, 503, 504})


class CallFailed(Exception):
    """A call that is not worth another attempt, or that used all of them up."""

    def __init__(self, message: str, status: int | None, attempts: int) -> None:
        super().__init__(message)
        self.status = status
        self.attempts = attempts


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a call is made at most, and how long to wait in between, in seconds.

    The wait doubles from ``first_wait`` with every attempt, up to ``longest_wait``;
    a server's ``Retry-After`` takes its place, under the same limit.
    """

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 8.0

    def wait(self, attempt: int, response: httpx.Response | None) -> float:
        """Return how long to wait after the given attempt, counted from 1."""
        asked = response.headers.get("retry-after", "") if response is not None else ""
        try:
            seconds = float(asked)
        except ValueError:
            seconds = self.first_wait * 2 ** (attempt - 1)
        return min(max(seconds, 0.0), self.longest_wait)


async def send(
    make: Callable[[], Awaitable[httpx.Response]], policy: RetryPolicy, clock: Clock, what: str
) -> tuple[httpx.Response, int]:
    """Return the first response that is no passing failure, with the attempts it took.

    ``make`` sends the request anew each time. Raises ``CallFailed`` when the
    attempts are used up; its message names ``what`` was called.
    """
    for attempt in range(1, policy.attempts + 1):
        response: httpx.Response | None = None
        cause: httpx.TransportError | None = None
        try:
            response = await make()
            if response.status_code not in RETRIED_STATUS:
                return response, attempt
            problem = f"{what} answered with status {response.status_code}"
            await response.aclose()
        except httpx.TimeoutException as error:
            cause = error
            problem = f"{what} did not answer in time"
        except httpx.TransportError as error:
            cause = error
            problem = f"{what} cannot be reached: {error or type(error).__name__}"
        if attempt < policy.attempts:
            await clock.sleep(policy.wait(attempt, response))
    status = response.status_code if response is not None else None
    raise CallFailed(f"{problem} ({policy.attempts} attempts)", status, policy.attempts) from cause
