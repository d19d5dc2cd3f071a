"""The model's endpoint turns calls away, and no retry helps.

Mechanism: the account's quota is used up, or was lowered, and the endpoint
answers 429 with `Retry-After`. The client waits and tries again as often as it
may, then gives up, and the question fails. Severity is the share of requests
that come while nothing is left.
Taxonomy: none of quality; it is loud.
A trace shows: status 429 below the chat span, retries, an error on every span
above it, a response that is no 200.
Cannot show it: nothing hides it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Kind, Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class AllowsNothing(StandsIn):
    """Leaves its share of the requests no allowance at all."""

    healthy: Any
    severity: Severity

    def allowance(self, luck: Luck) -> int | None:
        if chosen_request("llm_rate_limited", luck, self.severity):
            return 0
        allowed: int | None = self.healthy.allowance(luck)
        return allowed


FAULT = PartFault(
    id="llm_rate_limited",
    seam=Seam.MODELS,
    layer=Layer.MODEL,
    summary="the model's endpoint answers 429, beyond what retries can bridge",
    taxonomy=(),
    shows_in=("error rate", "status codes", "retries", "latency"),
    blind=(),
    find="The error rate alarms; the spans below the chat span have status 429.",
    fix="Raise the quota, or spread the load.",
    kind=Kind.LOUD,
    claim=Claim("error_rate", "higher"),
    wrap=AllowsNothing,
)
