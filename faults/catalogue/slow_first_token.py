"""The model takes several times as long before it says its first word.

Mechanism: the provider's servers batch more requests together, or lost the
cache of prompt prefixes: prompts wait before they are read, and are read more
slowly. What comes then comes at the usual pace and is the same. Severity scales
the delay: at 1 the time to the first token is six times what it was.
Taxonomy: none of quality; the answer stays right.
A trace shows: the time to the first chunk, and with it the duration of every
span above a model call.
Cannot show it: answers, tokens, cost, anything that is said; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from corpus.luck import Luck
from faults.base import PartFault, StandsIn
from faults.fault import Claim, Layer, Seam, Severity

SLOWER: Final = 5.0
"""By how many times the usual delay it grows at severity 1."""


@dataclass(frozen=True, slots=True)
class BeginsLate(StandsIn):
    """Serves every model with a longer time to its first token."""

    healthy: Any
    severity: Severity

    def find(self, model: str, luck: Luck) -> Any:
        profile = self.healthy.find(model, luck)
        factor = 1.0 + SLOWER * self.severity.value
        return replace(
            profile,
            first_token_base=profile.first_token_base * factor,
            first_token_per_input=profile.first_token_per_input * factor,
        )


FAULT = PartFault(
    id="slow_first_token",
    seam=Seam.MODELS,
    layer=Layer.MODEL,
    summary="the model's first token takes up to six times as long",
    taxonomy=(),
    shows_in=("time to first token", "latency"),
    blind=("answers", "tokens", "cost", "status codes"),
    find="Set the time to the first chunk beside the time per token: the first one has grown "
    "and the second one has not.",
    fix="Ask the provider, or move to an endpoint with reserved capacity; meanwhile shorten "
    "prompts and make fewer calls for a question.",
    claim=Claim("first_token", "higher"),
    wrap=BeginsLate,
)
