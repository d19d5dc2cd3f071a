"""People ask about other things than before, and the application is as well as ever.

Mechanism: another department takes the application up and asks of what concerns
it: a third of the families of questions eight times as often, another third an
eighth as often. No part of the application changes. Severity is the share of
requests that come from there.
Taxonomy: none; it is a control.
A trace shows: other intents, routes, tools, lengths and documents, as the
questions ask for them.
Cannot show it: anything that is wrong, since nothing is; within a family of
questions accuracy stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_document, chosen_request
from faults.fault import Kind, Layer, Seam, Severity

FACTOR: Final = 8.0


@dataclass(frozen=True, slots=True)
class AsksOfOtherThings(StandsIn):
    """Weighs the families of questions otherwise for its share of the requests."""

    healthy: Any
    severity: Severity

    def weights(self, luck: Luck) -> Mapping[str, float]:
        usual: Mapping[str, float] = self.healthy.weights(luck)
        if not chosen_request("traffic_shift", luck, self.severity):
            return usual
        return {family: weight * _factor(family) for family, weight in usual.items()}


def _factor(family: str) -> float:
    if chosen_document("traffic_shift", family, Severity(1 / 3)):
        return FACTOR
    return 1.0 if chosen_document("traffic_shift", family, Severity(2 / 3)) else 1 / FACTOR


FAULT = PartFault(
    id="traffic_shift",
    seam=Seam.TRAFFIC,
    layer=Layer.NONE,
    summary="other questions are asked; the application is healthy",
    taxonomy=(),
    shows_in=("intents", "routes", "tools", "tokens", "documents"),
    blind=("accuracy within a family of questions", "status codes"),
    find="Compare the mix of intents and routes first: what moved with it is explained by it.",
    fix="None is needed; compare like with like, and learn what is normal anew.",
    kind=Kind.CONTROL,
    wrap=AsksOfOtherThings,
)
