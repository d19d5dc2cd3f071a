"""What serving adds to a model: names, a rate limit, load of other requests, and noise."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from corpus.luck import Luck
from observability.clock import Clock
from services.llm.errors import RateLimited
from services.llm.profiles import Catalogue, Profile

_MINUTE_NS = 60_000_000_000


class Models(Protocol):
    """What is served: which snapshot answers to a name, and how much of it a caller may have.

    ``luck`` is the caller's; a rollout that goes by shares decides by it.
    """

    def find(self, model: str, luck: Luck) -> Profile:
        """Return what answers to a model name or alias, or raise ``UnknownModel``."""
        ...

    def allowance(self, luck: Luck) -> int | None:
        """Return how many requests are taken in any minute, None for any number."""
        ...


@dataclass(frozen=True, slots=True)
class Deployment:
    """Serves a catalogue as it is, to everybody alike."""

    catalogue: Catalogue
    per_minute: int | None = None

    def find(self, model: str, luck: Luck) -> Profile:
        return self.catalogue.find(model)

    def allowance(self, luck: Luck) -> int | None:
        return self.per_minute


class Throttle:
    """Counts requests, and turns away those beyond what is allowed in a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: deque[int] = deque()

    def admit(self, limit: int | None) -> dict[str, str]:
        """Count a request and return the headers that tell the limit, or raise ``RateLimited``.

        Without a limit nothing is counted.
        """
        if limit is None:
            return {}
        now = self._clock.now_ns()
        while self._times and now - self._times[0] >= _MINUTE_NS:
            self._times.popleft()
        if len(self._times) >= limit:
            # With nothing allowed at all, it may be otherwise in a minute.
            since = self._times[0] if self._times else now
            wait = (since + _MINUTE_NS - now) / 1e9
            raise RateLimited(
                f"Rate limit reached: {limit} requests per minute. "
                f"Please try again in {wait:.1f}s.",
                wait,
            )
        self._times.append(now)
        return {
            "x-ratelimit-limit-requests": str(limit),
            "x-ratelimit-remaining-requests": str(limit - len(self._times)),
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

    def __init__(self, source: Luck | None, logits: float = 0.0, repeatable: bool = False) -> None:
        """Take where the noise comes from (None: there is none) and how much every model gets.

        Noise that is ``repeatable`` follows from the source, the caller and the
        call; otherwise it goes by how many requests came before, whoever made them.
        """
        self._source = source
        self._logits = logits
        self._repeatable = repeatable
        self._served = 0

    def over(self, luck: Luck, profile: Profile, caller: Luck | None = None) -> Luck:
        """Return a request's luck as a served model of that profile has it."""
        logits = profile.serving_noise + self._logits
        if self._source is None or logits <= 0:
            return luck
        self._served += 1
        who = (luck if caller is None else caller).seed
        key = ("call", who, luck.seed) if self._repeatable else (self._served,)
        # The reader's draws are weighed by its temperature, the noise is in logits.
        scale = logits / max(profile.temperature, 1e-3)
        return ServedLuck(luck.seed, self._source.child(*key), scale)
