"""A rule that rolls dice."""

from __future__ import annotations

import hashlib

from observability.detectors.class_rule import Request
from observability.detectors.rule import RuleInfo

_RATE = 0.001
_WHOLE = float(2**64)


class Random:
    """Says yes to one request in a thousand, chosen by a hash of its trace id.

    That is the rate of alarms that a whole set of rules is allowed, and the
    score is as random, so what it detects is what luck detects.
    """

    info = RuleInfo(
        id="random",
        title="Random",
        severity="info",
        description="Says yes to one request in a thousand, without looking at it.",
        runbook="Nothing to do; it fires by chance.",
        layer="infrastructure",
        group="baseline",
        judges=True,
    )
    threshold = 1 - _RATE

    def update(self, request: Request) -> float:
        digest = hashlib.blake2b(f"random {request['trace_id']}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) / _WHOLE

    def reset(self) -> None:
        pass


RULE = Random()
