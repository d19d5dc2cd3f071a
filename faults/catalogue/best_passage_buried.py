"""The best passage is buried in the middle of one long text.

Mechanism: a step that packs the context joins the passages into one document to
save tokens, and on the way orders them against "lost in the middle" with the
direction mistaken: the worst come first and last, the best in between. It then
stands without a title of its own under the title of the worst one. In a context of
some hundred tokens the order alone does nothing to a careful model; that the passage
has lost its place does. Severity is the probability that a request's context is
packed so.
Taxonomy: RAGEC E13 (misinterpretation), E14 (contextual misalignment); Barnett FP4
(not extracted); the order effect of Liu et al. (2024).
A trace shows: one source kept of several that were offered, at the same context
tokens; citations of the worst passage's document; fewer drafts that validation
approves, more reviews.
Cannot show it: anything in retrieval; context tokens; groundedness; latency; status
codes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.ports import BuiltContext, ContextBuilder, Evidence
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class BuriesTheBest(StandsIn):
    """Builds the healthy context and packs it into one text for its share of the requests."""

    healthy: ContextBuilder
    severity: Severity

    def build(self, question: str, evidence: Sequence[Evidence], luck: Luck) -> BuiltContext:
        built = self.healthy.build(question, evidence, luck)
        if len(built.kept) < 2 or not chosen_request("best_passage_buried", luck, self.severity):
            return built
        pieces = best_inside(built.kept)
        text = "\n\n".join(piece.text for piece in pieces)
        return replace(built, kept=(replace(pieces[0], text=text),))


def best_inside(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Order passages, given best first, so that the best stands in the middle."""
    placed: deque[Evidence] = deque()
    for number, piece in enumerate(ranked):
        if number % 2:
            placed.append(piece)
        else:
            placed.appendleft(piece)
    return list(placed)


FAULT = PartFault(
    id="best_passage_buried",
    seam=Seam.CONTEXT,
    layer=Layer.CONTEXT,
    summary="passages are joined into one text with the best in the middle",
    taxonomy=("RAGEC E13", "RAGEC E14", "FP4"),
    shows_in=("sources in the context", "passages kept", "cited documents", "validation verdict"),
    blind=("retrieval scores", "context tokens", "groundedness", "latency", "status codes"),
    wrap=BuriesTheBest,
    find="The context span keeps one source where several were offered, though no token was "
    "lost, and it is the one that the search ranked last.",
    fix="Show passages one by one in the order of their rank.",
)
