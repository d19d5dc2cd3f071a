"""The context is cut off at a twentieth of its budget.

Mechanism: the budget was divided among the twenty turns that a conversation may
have, or was given in the wrong unit. The passages are joined until it is spent and
the text is cut there, in the middle of a sentence or a table, and what comes after it
is not shown. Severity is the probability that a request is given the small budget.
Taxonomy: Barnett FP3 (not in context), FP7 (incomplete answer); RAGEC E12.
A trace shows: fewer passages kept than offered, context tokens pinned at the
budget, the budget itself, more abstentions, fewer input tokens.
Cannot show it: anything in retrieval, where all is well; groundedness; latency,
which falls a little; status codes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agents.ports import BuiltContext, ContextBuilder, Evidence
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

SHARE = 0.05
"""What is left of the budget."""


@dataclass(frozen=True, slots=True)
class SpendsATwentieth(StandsIn):
    """Cuts the healthy context at a twentieth of its budget for its share of the requests."""

    healthy: ContextBuilder
    severity: Severity

    def build(self, question: str, evidence: Sequence[Evidence], luck: Luck) -> BuiltContext:
        built = self.healthy.build(question, evidence, luck)
        if not chosen_request("context_truncated", luck, self.severity):
            return built
        return cut_off(built, int(built.budget * SHARE), _counter(self.healthy))


def cut_off(built: BuiltContext, budget: int, count: Callable[[str], int]) -> BuiltContext:
    """Keep what comes first of a context, and cut the text at the budget's last token."""
    kept: list[Evidence] = []
    left = budget
    for piece in built.kept:
        if left <= 0:
            break
        text = _first_tokens(piece.text, left, count)
        if not text:
            break
        kept.append(piece if text == piece.text else replace(piece, text=text))
        left -= count(text)
    whole = len(kept) == len(built.kept) and kept == list(built.kept)
    return replace(
        built,
        kept=kept,
        tokens=budget - left,
        budget=budget,
        truncated=built.truncated or not whole,
    )


def _first_tokens(text: str, limit: int, count: Callable[[str], int]) -> str:
    """Return the longest beginning of a text, in whole characters, that keeps to the limit."""
    if count(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip()


def _counter(builder: ContextBuilder) -> Callable[[str], int]:
    """Return how a builder counts tokens, words if it does not say."""
    counted: Callable[[str], int] | None = getattr(builder, "count_tokens", None)
    return counted or (lambda text: len(text.split()))


FAULT = PartFault(
    id="context_truncated",
    seam=Seam.CONTEXT,
    layer=Layer.CONTEXT,
    summary="the context is cut off at a twentieth of its budget",
    taxonomy=("FP3", "FP7", "RAGEC E12"),
    shows_in=("context budget", "passages kept", "context tokens", "abstentions"),
    blind=("retrieval scores", "groundedness", "latency", "status codes"),
    wrap=SpendsATwentieth,
    find="On the context span fewer passages are kept than were offered and the tokens stand at "
    "the budget, which is a twentieth of what it was.",
    fix="Set the budget back to what the model's window allows.",
)
