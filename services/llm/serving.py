"""What serving adds to a model: a rate limit, load of other requests, and noise."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from corpus.luck import Luck
from observability.clock import Clock
from services.llm.errors import RateLimited
from services.llm.profiles import Profile

_MINUTE_NS = 60_000_000_000


class Throttle:
    """Allows so many requests in any minute; None allows all."""

    def __init__(self, clock: Clock, per_minute: int | None) -> None:
        self._clock = clock
        self._limit = per_minute
        self._times: deque[int] = deque()

    def admit(self) -> dict[str, str]:
        """Count a request and return the headers that tell the limit, or raise ``RateLimited``."""
        if self._limit is None:
            return {}
        now = self._clock.now_ns()
        while self._times and now - self._times[0] >= _MINUTE_NS:
            self._times.popleft()
        if len(self._times) >= self._limit:
            wait = (self._times[0] + _MINUTE_NS - now) / 1e9
            raise RateLimited(
                f"Rate limit reached: {self._limit} requests per minute. "
                f"Please try again in {wait:.1f}s.",
                wait,
            )
        self._times.append(now)
        return {
            "x-ratelimit-limit-requests": str(self._limit),
            "x-ratelimit-remaining-requests": str(self._limit - len(self._times)),
        }


class Load:
    """Counts the requests in flight, which slow each other."""

    def __init__(self) -> None:
        self.in_flight = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Hold a place while a request is answered."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1

    def factor(self, profile: Profile) -> float:
        """Return by what times grow just now: 1 for a request alone."""
        return 1.0 + profile.load_slowdown * max(self.in_flight - 1, 0)


@dataclass(frozen=True, slots=True)
class ServedLuck(Luck):
    """The luck of a request with a second draw, which does not repeat with the seed.

    ``scale`` is the second draw's size beside the first one, wherever the
    reader weighs alternatives against each other.
    """

    noise: Luck
    scale: float

    def gumbel(self, *key: str | int) -> float:
        # Named, as zero-argument super() does not work in a class with slots.
        return Luck.gumbel(self, *key) + self.scale * self.noise.gumbel(*key)

    def child(self, *key: str | int) -> ServedLuck:
        return ServedLuck(Luck.child(self, *key).seed, self.noise.child(*key), self.scale)


class Noise:
    """Gives each request a further luck of its own, as far as it is served with noise."""

    def __init__(self, source: Luck | None, logits: float = 0.0) -> None:
        """Take where the noise comes from (None: there is none) and how much every model gets."""
        self._source = source
        self._logits = logits
        self._served = 0

    def over(self, luck: Luck, profile: Profile) -> Luck:
        """Return a request's luck as a served model of that profile has it."""
        logits = profile.serving_noise + self._logits
        if self._source is None or logits <= 0:
            return luck
        self._served += 1
        # The reader's draws are weighed by its temperature, the noise is in logits.
        scale = logits / max(profile.temperature, 1e-3)
        return ServedLuck(luck.seed, self._source.child(self._served), scale)
