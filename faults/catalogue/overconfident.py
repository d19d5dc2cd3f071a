"""The model draws its answers more loosely, and states all of them as near certain.

Mechanism: to serve more cheaply, the provider puts a coarser build of the same
snapshot behind the same name. It attends less sharply, so that asked again it
would often say something else; and its server reports token probabilities as
they are after the decoder has sharpened them, near one whatever is said.
Whatever trusts them lets wrong answers pass.
Severity is the share of requests that the coarser build serves.
Taxonomy: RAGEC E10 (fabricated content), OWASP LLM09.
A trace shows: confidence near one beside verdicts and groundedness that fall;
ten answers to one question that do not agree.
Cannot show it: the confidence; human reviews for low confidence, of which there
are no more; the response model; cost; latency; status codes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Claim, Layer, Seam, Severity

LOOSER: Final = 6.0
"""Factor on the temperature of the attention."""

CERTAIN: Final = math.log(9_999)
"""Log-odds of the surest attention, before a profile makes a stated confidence of them."""


@dataclass(frozen=True, slots=True)
class IsSureWithoutAgreement(StandsIn):
    """Serves its share of the requests with looser attention and one stated confidence.

    It is the highest that the healthy model ever states.
    """

    healthy: Any
    severity: Severity

    def find(self, model: str, luck: Luck) -> Any:
        profile = self.healthy.find(model, luck)
        if not chosen_request("overconfident", luck, self.severity):
            return profile
        return replace(
            profile,
            temperature=profile.temperature * LOOSER,
            confidence_bias=profile.confidence_bias + profile.confidence_sharpness * CERTAIN,
            confidence_sharpness=0.0,
        )


FAULT = PartFault(
    id="overconfident",
    seam=Seam.MODELS,
    layer=Layer.MODEL,
    summary="the model draws its answers more loosely and states all of them as near certain",
    taxonomy=("RAGEC E10", "OWASP LLM09"),
    shows_in=("groundedness", "validation verdict", "agreement of repeated answers"),
    blind=("confidence", "response model", "cost", "latency", "status codes"),
    find="Ask some questions again: answers differ while the stated confidence stays near one. "
    "Set confidence against what people corrected.",
    fix="Calibrate confidence against judged answers before anything relies on it, and ask the "
    "provider for the build that was evaluated.",
    claim=Claim("overconfidence", "higher"),
    wrap=IsSureWithoutAgreement,
)
