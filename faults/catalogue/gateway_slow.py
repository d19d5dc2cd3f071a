"""Questions wait in the gateway before anybody works on them.

Mechanism: too few workers for the traffic, so that a request stands in a queue
before the workflow begins. How long follows an exponential law, as in a queue
that is nearly full. Severity scales the wait: at 1 it is eight seconds in the mean.
Taxonomy: none of quality; it is loud.
A trace shows: time between the start of the HTTP span and that of the workflow.
Cannot show it: the workflow's own spans, which are as long as ever; answers; cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from agents.answer import Answer, AskRequest, Listener
from faults.base import PartFault, StandsIn
from faults.fault import Claim, Kind, Layer, Seam, Severity

MEAN_WAIT: Final = 8.0
"""Seconds in the queue in the mean, at severity 1."""


@dataclass(frozen=True, slots=True)
class KeepsWaiting(StandsIn):
    """Lets every question wait before it is worked on."""

    healthy: Any
    severity: Severity

    async def ask(self, request: AskRequest, listener: Listener | None = None) -> Answer:
        drawn = -math.log(request.luck.uniform("degraded", "gateway_slow"))
        await self.healthy.clock.sleep(MEAN_WAIT * self.severity.value * drawn)
        answer: Answer = await self.healthy.ask(request, listener)
        return answer


FAULT = PartFault(
    id="gateway_slow",
    seam=Seam.ASKER,
    layer=Layer.ROUTING,
    summary="questions wait in the gateway before anybody works on them",
    taxonomy=(),
    shows_in=("latency", "time before the workflow begins"),
    blind=("answers", "tokens", "cost", "durations of agents and models"),
    find="Latency alarms; the HTTP span begins long before the workflow's span does.",
    fix="Add workers, or limit how many questions are let in at once.",
    kind=Kind.LOUD,
    claim=Claim("latency_p95", "higher"),
    wrap=KeepsWaiting,
)
