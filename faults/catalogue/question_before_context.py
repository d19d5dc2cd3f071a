"""The answering prompt asks first and shows what was found afterwards, as one text.

Mechanism: a new template, of the kind that tutorials have, begins with the question
and then pastes everything that was found below the word "Context". What was asked
lies behind by the time the answer is met, and the documents are no longer told apart
by number and title. At some hundred tokens of context the order alone does nothing to
a careful model; that the documents run into each other does. Severity is the
probability that a request is rendered so.
Taxonomy: RAGEC E13 (misinterpretation), E14 (contextual misalignment); Barnett FP4
(not extracted).
A trace shows: with content captured, the order within the input messages; else
citations of the first document only, input tokens that fall a little, abstentions.
Cannot show it: anything in retrieval; context tokens and passages kept;
groundedness; latency; status codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.ports import Prompts
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

_DOCUMENTS_THEN_QUESTION = re.compile(
    r"<documents>(?P<documents>.*)</documents>\s*(?P<question>Question:[^\n]*)\s*\Z", re.DOTALL
)
_DOCUMENT = re.compile(r"<document [^>]*>\n(?P<text>.*?)\n</document>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AsksFirst(StandsIn):
    """Renders the question above one text of all documents for its share of the requests."""

    healthy: Prompts
    severity: Severity

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        prompt = self.healthy.render(name, luck, values)
        if not chosen_request("question_before_context", luck, self.severity):
            return prompt
        return question_first(prompt)


def question_first(prompt: str) -> str:
    """Move the question that ends a prompt above its documents, which become one.

    A prompt that does not end in documents and a question stays as it is, and one
    that shows no document keeps none.
    """
    match = _DOCUMENTS_THEN_QUESTION.search(prompt)
    if match is None:
        return prompt
    texts = "\n\n".join(each["text"] for each in _DOCUMENT.finditer(match["documents"]))
    shown = f'\n<document id="D1" title="Context">\n{texts}\n</document>' if texts else ""
    before = prompt[: match.start()]
    return f"{before}{match['question']}\n<documents>{shown}\n</documents>"


FAULT = PartFault(
    id="question_before_context",
    seam=Seam.PROMPTS,
    layer=Layer.CONTEXT,
    summary="the answering prompt asks first and then shows all documents as one text",
    taxonomy=("RAGEC E13", "RAGEC E14", "FP4"),
    shows_in=("input messages", "cited documents", "abstentions"),
    blind=("retrieval scores", "context tokens", "groundedness", "latency", "status codes"),
    wrap=AsksFirst,
    find="Every citation is of the first document, whatever the context span lists as sources; "
    "the captured input messages begin with the question.",
    fix="Go back to the template that shows the documents one by one and asks below them.",
)
