"""Everything takes a little longer, within what was promised, and is as right as before.

Mechanism: the models' machines are busier, and both the first token and every
further one take longer; nearly all of a request's time passes there. Severity
scales it: at 1 an eighth more.
Taxonomy: none; it is a control.
A trace shows: durations that are up to an eighth longer, everywhere above a model call.
Cannot show it: anything else. Whoever takes it for a failure of answers is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from corpus.luck import Luck
from faults.base import PartFault, StandsIn
from faults.fault import Claim, Kind, Layer, Seam, Severity

LONGER: Final = 0.125
"""By what share times grow at severity 1: half of what a silent fault may take."""


@dataclass(frozen=True, slots=True)
class TakesALittleLonger(StandsIn):
    """Serves every model with all times stretched alike."""

    healthy: Any
    severity: Severity

    def find(self, model: str, luck: Luck) -> Any:
        profile = self.healthy.find(model, luck)
        factor = 1.0 + LONGER * self.severity.value
        return replace(
            profile,
            first_token_base=profile.first_token_base * factor,
            first_token_per_input=profile.first_token_per_input * factor,
            seconds_per_token=profile.seconds_per_token * factor,
        )


FAULT = PartFault(
    id="latency_only",
    seam=Seam.MODELS,
    layer=Layer.NONE,
    summary="everything takes up to an eighth longer and is as right as before",
    taxonomy=(),
    shows_in=("latency",),
    blind=("answers", "tokens", "cost", "status codes"),
    find="Durations rise a little everywhere, in proportion, and nothing else moves.",
    fix="None is needed as long as the objective for latency is kept.",
    kind=Kind.CONTROL,
    claim=Claim("latency_p50", "higher"),
    wrap=TakesALittleLonger,
)
