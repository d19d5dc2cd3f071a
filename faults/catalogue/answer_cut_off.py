"""Answers are cut off after sixteen tokens.

Mechanism: after an upgrade of the client's library the limit of a written
answer is no longer sent, and the endpoint takes the default of the old
completions API, 16 tokens. Calls that ask for JSON or offer tools go another
way through the library, which still sends their limits: were they cut, the
replies would not parse and everybody would see it. Severity is the share of
requests that are answered so.
Taxonomy: FP7 (incomplete answer), RAGEC E12 (incomplete answer).
A trace shows: the finish reason `length` on the chat span of the response
agent, at most 16 output tokens there, answers without a full stop and without
citations at their end.
Cannot show it: anything before the answer is written; confidence; latency,
which falls a little; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from agents.ports import ChatReply, ChatRequest, Model
from faults.base import PartFault, StandsIn, chosen_request
from faults.fault import Layer, Seam, Severity

LIMIT: Final = 16
"""Tokens of an answer when a completions endpoint is told no limit."""


@dataclass(frozen=True, slots=True)
class CutsAnswersOff(StandsIn):
    """Asks for at most sixteen tokens where a text is wanted, for its share of the requests."""

    healthy: Model
    severity: Severity

    async def chat(self, request: ChatRequest) -> ChatReply:
        writes = request.schema is None and not request.tools
        if writes and chosen_request("answer_cut_off", request.luck, self.severity):
            request = replace(request, max_tokens=min(request.max_tokens, LIMIT))
        return await self.healthy.chat(request)


FAULT = PartFault(
    id="answer_cut_off",
    seam=Seam.MODEL,
    layer=Layer.MODEL,
    summary="written answers are cut off after sixteen tokens",
    taxonomy=("FP7", "RAGEC E12"),
    shows_in=("finish reason", "output tokens", "answer length", "citations"),
    blind=("confidence", "retrieval scores", "latency", "status codes"),
    find="Look at the finish reasons of the answering call: `length` where there was `stop`, "
    "with output tokens that pile up at one number.",
    fix="Send the limit of the answer explicitly, and treat a reply that ended for its length "
    "as unfinished.",
    wrap=CutsAnswersOff,
)
