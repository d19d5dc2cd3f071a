"""The context is filled up with what has nothing to do with the question.

Mechanism: "to give the model more background" a step puts standing material
before the passages that were found: old conversations, legal text, the rules of
another company, minutes, a newsletter, help pages. It speaks of terms, taxes and
approvals too, and it spends the budget first, so that passages of the question's
own fall out at the end. Severity is the probability that a request gets it.
Taxonomy: RAGEC E8 (noise), E14 (contextual misalignment); the noise robustness
and integration tests of RGB (Chen et al. 2024).
A trace shows: more passages offered than the search returned, other document
types in the context, context tokens at the budget, passages left out, citations of
sources that no search returned, input tokens and cost.
Cannot show it: anything in retrieval, where all is well; groundedness, which
counts the noise as evidence; latency, which rises by little; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from agents.ports import BuiltContext, ContextBuilder, Evidence
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class AddsBackground(StandsIn):
    """Offers the standing material before the evidence for its share of the requests."""

    healthy: ContextBuilder
    severity: Severity

    def build(self, question: str, evidence: Sequence[Evidence], luck: Luck) -> BuiltContext:
        if chosen_request("context_polluted", luck, self.severity):
            evidence = [*background(), *evidence]
        return self.healthy.build(question, evidence, luck)


@cache
def background() -> tuple[Evidence, ...]:
    """Return the standing material, read from the file beside this one."""
    text = (resources.files(__package__) / "context_polluted.yml").read_text("utf-8")
    return tuple(
        Evidence(
            id=f"background:{number}",
            source=piece["source"],
            title=piece["title"],
            text=piece["text"].strip(),
            metadata={"doc_type": piece["kind"]},
        )
        for number, piece in enumerate(yaml.safe_load(text), start=1)
    )


FAULT = PartFault(
    id="context_polluted",
    seam=Seam.CONTEXT,
    layer=Layer.CONTEXT,
    summary="history, legal text and other companies' rules stand before the evidence",
    taxonomy=("RAGEC E8", "RAGEC E14"),
    shows_in=("passages offered", "document types", "context tokens", "citations", "cost"),
    blind=("retrieval scores", "groundedness", "latency", "status codes"),
    wrap=AddsBackground,
    find="The context span offers more passages than the retrieval span returned, and the first "
    "sources are the same in every request.",
    fix="Take the standing material out of the context; what a question needs is searched for.",
)
