"""The prompts say the same in other words: a control.

Mechanism: somebody edits the prompts' language. Each instruction keeps its meaning,
the rule to answer from the documents, to cite and to say when nothing was found
included. Severity is the probability that a request is given the new words.
Taxonomy: none; it is a change that every team makes and none should be woken for.
A trace shows: with content captured, other instructions; input tokens that differ by
a few.
Cannot show it: answers, which are the same but for a model's luck; anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.ports import Prompts
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Kind, Layer, Seam, Severity

OTHER_WORDS: Mapping[str, str] = {
    "Classify what the question is about.": "Decide which subject the question belongs to.",
    "Reply with JSON: the best intent, your confidence from 0 to 1, and the alternatives.": (
        "Give JSON back: the intent that fits best, how sure you are (0 to 1), and what else fits."
    ),
    "You plan how a finance question is answered. Choose one route.": (
        "You decide on the way in which a question of finance is answered. Pick one route."
    ),
    "Reply with JSON: the best route, your confidence from 0 to 1, and the alternatives.": (
        "Give JSON back: the route that fits best, how sure you are (0 to 1), and what else fits."
    ),
    "You look up records in the ERP. Call the tools whose results answer the question, with "
    "the identifiers given as known. When you have the results, or when no tool fits, stop.": (
        "Your task is to fetch records from the ERP. Use those tools that return what the "
        "question asks for, and pass them the known identifiers. Stop once you have it, or if "
        "there is no tool for it."
    ),
    "You answer finance questions for Halvorsen Instruments. Be brief and exact; keep amounts, "
    "dates and names as they are written.": (
        "You work for Halvorsen Instruments and answer questions on finance. Keep it short and "
        "precise, and copy amounts, dates and names just as they stand."
    ),
    "Answer only from the documents. Cite the document after each statement, like [D1].": (
        "Use nothing but the documents. After each statement cite its document, as in [D1]."
    ),
    "If the documents do not contain the answer, reply exactly": (
        "If the answer is not in the documents, reply with exactly"
    ),
    "Check an answer against the documents. Split it into claims; a claim is supported when a "
    "document says the same, figures and names included.": (
        "Compare an answer with the documents. Take it apart into claims; a claim counts as "
        "supported if one of the documents states the same, with the same figures and names."
    ),
    'Reply with JSON: the claims with the id of the document that supports each (or ""), and '
    "the verdict.": (
        'Give JSON back: the claims, each with the id of the document that supports it (or ""), '
        "and the verdict."
    ),
}
"""Each sentence of the prompts with another one that means the same."""


@dataclass(frozen=True, slots=True)
class SaysItOtherwise(StandsIn):
    """Renders the prompts in other words for its share of the requests."""

    healthy: Prompts
    severity: Severity

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        prompt = self.healthy.render(name, luck, values)
        if not chosen_request("prompt_reworded", luck, self.severity):
            return prompt
        return reworded(prompt)


def reworded(prompt: str) -> str:
    """Put other words for the instructions of a prompt; the documents that it shows stay."""
    instructions, mark, documents = prompt.partition("<documents>")
    for sentence, other in OTHER_WORDS.items():
        instructions = instructions.replace(sentence, other)
    return instructions + mark + documents


FAULT = PartFault(
    id="prompt_reworded",
    seam=Seam.PROMPTS,
    layer=Layer.NONE,
    summary="the prompts say the same in other words",
    taxonomy=(),
    shows_in=("instructions", "input tokens"),
    blind=("answers", "retrieval scores", "latency", "status codes"),
    kind=Kind.CONTROL,
    wrap=SaysItOtherwise,
    find="The captured instructions differ from last week's and no measure of the answers moves.",
    fix="There is nothing to end; whoever raises an alarm has found a change and not a failure.",
)
