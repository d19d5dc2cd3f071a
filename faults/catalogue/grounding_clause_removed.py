"""The answering prompt no longer asks to keep to the documents.

Mechanism: a prompt was "tidied up", and the section that asks to answer only
from the documents, to cite them and to say when they hold no answer went with
it. What the model does then is up to the model. Severity is the probability
that a request is given the shortened prompt.
Taxonomy: RAGEC E9 (abstention failure), E10 (fabricated content), OWASP LLM09.
A trace shows: hardly an abstention, answers without citations, more drafts that
validation approves, since what was an abstention is now an answer, a shorter prompt.
Cannot show it: anything in retrieval; groundedness, as what is said in place of an
abstention is mostly read off some document; latency; status codes; accuracy on
questions whose evidence is in the context, which hardly moves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.ports import Prompts
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

_SECTION = re.compile(
    r"^#{1,6} +grounding\b[^\n]*\n.*?(?=^#{1,6} |\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class LeavesGroundingOut(StandsIn):
    """Renders the answering prompt without its grounding for its share of the requests."""

    healthy: Prompts
    severity: Severity

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        prompt = self.healthy.render(name, luck, values)
        if not chosen_request("grounding_clause_removed", luck, self.severity):
            return prompt
        return without_grounding(prompt)


def without_grounding(prompt: str) -> str:
    """Take the section headed "Grounding" out of a prompt.

    A prompt without one, and the documents that a prompt shows, stay as they are.
    """
    instructions, mark, documents = prompt.partition("<documents>")
    shortened, removed = _SECTION.subn("", instructions, count=1)
    return shortened.rstrip() + "\n" * bool(mark) + mark + documents if removed else prompt


FAULT = PartFault(
    id="grounding_clause_removed",
    seam=Seam.PROMPTS,
    layer=Layer.CONTEXT,
    summary="the answering prompt no longer asks to keep to the documents and to cite them",
    taxonomy=("RAGEC E9", "RAGEC E10", "OWASP LLM09"),
    shows_in=("abstentions", "citations", "validation verdict"),
    blind=("retrieval scores", "groundedness", "latency", "status codes"),
    wrap=LeavesGroundingOut,
    find="Abstentions and citations fall to nothing at one release while retrieval is as it was; "
    "the captured instructions lack the section on grounding.",
    fix="Put the section back, and compare a prompt's answers on a fixed set before it goes out.",
)
