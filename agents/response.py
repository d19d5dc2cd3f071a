"""The response agent: writes the answer from what was found, and cites it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from agents.abstention import abstains
from agents.answer import Citation, Progress
from agents.case import Case
from agents.evaluation.claims import cited_places, content_words, figures, split_claims
from agents.evidence import documents_block
from agents.handoff import Draft, Handover
from agents.ports import Message
from agents.spans import agent_span
from observability.telemetry import Telemetry, mask, semconv

_HELD_BACK = 64
"""Characters that a stream keeps back: longer than any number that is masked."""

_STATED_BY_DEFAULT = 0.7
"""Confidence of an answer whose model gives no token probabilities."""


class Responder:
    """Has the model write the answer."""

    def __init__(self, telemetry: Telemetry, max_tokens: int) -> None:
        self._telemetry = telemetry
        self._max_tokens = max_tokens

    async def run(self, case: Case, given: Handover) -> Draft:
        """Return the draft, or raise ``ModelError``."""
        render = case.parts.prompts.render
        shown = given.evidence
        with agent_span(self._telemetry, "response", given) as span:
            messages = [
                Message("system", render("response", case.luck, {})),
                Message(
                    "user",
                    render(
                        "evidence",
                        case.luck,
                        {"documents": documents_block(shown), "question": given.question},
                    ),
                ),
            ]
            stream = _MaskedStream(_sender(case))
            reply = await case.calls.chat(
                "response", messages, on_delta=stream.take, max_tokens=self._max_tokens
            )
            await stream.finish()
            text = reply.content.strip()
            draft = Draft(
                text=text,
                shown=shown,
                abstained=abstains(text),
                confidence=_STATED_BY_DEFAULT if reply.confidence is None else reply.confidence,
            )
            cited = cited_places(text)
            valid = [place for place in cited if 0 <= place < len(shown)]
            span.update(
                {
                    semconv.CITATION_GIVEN: len(cited),
                    semconv.CITATION_VALID: len(valid),
                    semconv.CITATION_MATCH: len(valid) / len(cited) if cited else None,
                    semconv.CITATION_SOURCES: [shown[place].source for place in valid],
                    semconv.CITATION_RANKS: [place + 1 for place in valid],
                    semconv.ANSWER_ABSTAINED: draft.abstained,
                    semconv.ANSWER_LENGTH: len(text),
                    semconv.EXTRACTION_CONFIDENCE: reply.confidence,
                    semconv.AGENT_STEPS: 1,
                    semconv.COST_USD: reply.cost_usd,
                }
            )
            span.content(semconv.OUTPUT_VALUE, text)
        return draft


def citations(draft: Draft) -> list[Citation]:
    """Return the documents that a draft cites, each once, with the words that it rests on."""
    found: dict[int, Citation] = {}
    for claim in split_claims(draft.text):
        for place in claim.cited:
            if 0 <= place < len(draft.shown) and place not in found:
                piece = draft.shown[place]
                found[place] = Citation(piece.source, piece.title, _quote(claim.text, piece.text))
    return list(found.values())


def _quote(claim: str, text: str) -> str:
    """Return the line or sentence of a text that has most in common with a claim."""
    pieces = [piece.strip() for piece in re.split(r"\n+|(?<=[.!?])\s+", text) if piece.strip()]
    words, stated = content_words(claim), figures(claim)

    def shared(piece: str) -> tuple[int, int]:
        common = len(words & content_words(piece)) + 2 * len(stated & figures(piece))
        return common, -len(piece)

    return mask(max(pieces, key=shared, default="")[:300])


def _sender(case: Case) -> Callable[[str], Awaitable[None]]:
    async def send(text: str) -> None:
        if case.listener is not None and text:
            await case.listener(Progress("delta", "response", text))

    return send


class _MaskedStream:
    """Passes an answer on as it arrives, with what has to be masked never shown in part."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._text = ""
        self._sent = 0

    async def take(self, text: str) -> None:
        """Take the next piece, and send what no later piece can change."""
        self._text += text
        settled = self._text[: max(len(self._text) - _HELD_BACK, 0)]
        at = settled.rfind(" ")
        # A number that is still arriving may be masked once it is whole: only a prefix
        # that is masked the same way now and with all that is known is settled.
        whole = mask(self._text)
        prefix = mask(settled[:at]) if at > 0 else ""
        if whole.startswith(prefix) and len(prefix) > self._sent:
            await self._send(prefix[self._sent :])
            self._sent = len(prefix)

    async def finish(self) -> None:
        """Send the rest."""
        await self._send(mask(self._text)[self._sent :])
        self._sent = len(self._text)
