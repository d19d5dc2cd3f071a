"""The model's alias points to a newer snapshot, and nobody was told.

Mechanism: the provider moves an alias to its newest snapshot, a share of the
traffic at a time; whoever asks by the alias is served by it. The newer model is
chattier, keeps less to what it is told, and rather answers than says that it
found nothing; the shape of a schema is kept, which the server sees to. Severity
is the share of requests that the rollout has reached.
Taxonomy: MAST 3.3 (incorrect verification), RAGEC E9 (abstention failure).
A trace shows: another response model than before under the same request model,
longer answers, fewer abstentions and citations, a lower confidence.
Cannot show it: the request model; anything in retrieval; price; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

SUCCESSORS: Final = {"sim-careful": "sim-careful-2026-06"}
"""Where an alias points after the rollout; a snapshot that is asked for by its name stays."""


@dataclass(frozen=True, slots=True)
class PointsToTheSuccessor(StandsIn):
    """Serves the newer snapshot under the alias to its share of the requests."""

    healthy: Any
    severity: Severity

    def find(self, model: str, luck: Luck) -> Any:
        if chosen_request("model_snapshot_drift", luck, self.severity):
            model = SUCCESSORS.get(model, model)
        return self.healthy.find(model, luck)


FAULT = PartFault(
    id="model_snapshot_drift",
    seam=Seam.MODELS,
    layer=Layer.MODEL,
    summary="the model's alias points to a newer snapshot, which is chattier and obeys less",
    taxonomy=("MAST 3.3", "RAGEC E9"),
    shows_in=("response model", "answer length", "abstentions", "citations", "confidence"),
    blind=("request model", "retrieval scores", "price", "status codes"),
    find="Count answers by response model over time: a second name appears under the same "
    "request model, and from that hour on answers are longer and abstentions rarer.",
    fix="Ask for the snapshot by its full name, and change it only after an evaluation.",
    wrap=PointsToTheSuccessor,
)
