"""Luck: the one source of chance, keyed so that a healthy twin draws the same.

Every draw is a pure function of the request's seed and of who asks for what.
Nothing is consumed by drawing, so a step more or less in one arm does not
re-roll the steps after it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

_SPAN = float(2**64)


@dataclass(frozen=True, slots=True)
class Luck:
    """The luck of one request: a seed and nothing else."""

    seed: int

    def uniform(self, *key: str | int) -> float:
        """Return a number in the open interval (0, 1), the same for the same key."""
        digest = hashlib.blake2b(
            "\x1f".join((str(self.seed), *(str(part) for part in key))).encode(),
            digest_size=8,
        ).digest()
        return (int.from_bytes(digest, "big") + 0.5) / _SPAN

    def gumbel(self, *key: str | int) -> float:
        """Return standard Gumbel noise; argmax of logits plus it samples their softmax."""
        return -math.log(-math.log(self.uniform(*key)))

    def child(self, *key: str | int) -> Luck:
        """Return the luck of a part of this request, e.g. of one agent's second call."""
        digest = hashlib.blake2b(
            "\x1f".join(("child", str(self.seed), *(str(part) for part in key))).encode(),
            digest_size=6,
        ).digest()
        return Luck(int.from_bytes(digest, "big"))
