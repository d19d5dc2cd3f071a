"""A simulated model: from a request to a reply, by what the request itself asks for."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace

from corpus.luck import Luck
from corpus.ports import TokenSource
from services.llm.abilities.answering import Answer, abstention, answer
from services.llm.abilities.calling import Call, call_tools
from services.llm.abilities.filling import fill_schema
from services.llm.attention import Attention, attend
from services.llm.chances import Chance, Rival, chances
from services.llm.errors import ContextTooLong
from services.llm.orders import Order, heeded
from services.llm.profiles import Profile
from services.llm.prompt import Prompt, understand
from services.llm.reading import ReadingRoom
from services.llm.tokens import TokenCount, TokenCounter
from services.llm.wire import ChatCompletionRequest

_RIVALS = 5
"""How many other segments are remembered as what could have been said instead."""
_SURE = 0.9
"""Confidence of a reply that nothing speaks for or against."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply with what it cost. Times are seconds of model time, not of computing."""

    content: str
    calls: tuple[Call, ...]
    finish_reason: str
    input_tokens: int
    output_tokens: int
    confidence: float
    first_token_after: float
    per_token: float
    rivals: tuple[Rival, ...] = ()
    refusal: str | None = None

    def tokens(self, top: int = 0) -> list[Chance]:
        """Return the content's tokens with their probabilities and up to ``top`` others each."""
        return chances(self.content, self.confidence, self.rivals, top)


@dataclass(frozen=True, slots=True)
class _Said:
    content: str = ""
    confidence: float = _SURE
    calls: tuple[Call, ...] = ()
    rivals: tuple[Rival, ...] = ()
    finish: str = "stop"
    refusal: str | None = None


class Simulator:
    """Runs all profiles over one memory of what was read."""

    def __init__(self, source: TokenSource, counter: TokenCounter, blocks: int = 1024) -> None:
        """Take where token embeddings come from, and how many passages to remember."""
        self.room = ReadingRoom(source, blocks)
        self._count = TokenCount(counter)

    def complete(self, request: ChatCompletionRequest, profile: Profile, luck: Luck) -> Completion:
        """Return the reply to a request, or raise ``ContextTooLong``."""
        tokens = self._fit(request, profile)
        prompt = understand(request)
        said = self._stopped(self._say(prompt, request, profile, luck, tokens), request)
        called = "".join(call.name + call.arguments for call in said.calls)
        spoken = called or said.content or said.refusal or ""
        output = self._count.text(spoken)
        limit = request.limit
        if limit is not None and output > limit:
            said = replace(said, content=self._count.cut(said.content, limit), finish="length")
            output = limit
        first, each = _times(profile, tokens, luck)
        return Completion(
            content=said.content,
            calls=said.calls,
            finish_reason=said.finish,
            input_tokens=tokens,
            output_tokens=output,
            confidence=said.confidence,
            first_token_after=first,
            per_token=each,
            rivals=said.rivals,
            refusal=said.refusal,
        )

    def _fit(self, request: ChatCompletionRequest, profile: Profile) -> int:
        """Return the prompt's tokens if they fit into the window with those of the reply."""
        window, reply = profile.window_tokens, request.limit or 0
        enough = 4 * window
        tokens = self._count.prompt(request, enough)
        if tokens + reply > window:
            counted = f"{tokens + reply}" if tokens <= enough else f"more than {enough}"
            detail = f" ({tokens} in the messages, {reply} in the completion)" if reply else ""
            raise ContextTooLong(
                f"This model's maximum context length is {window} tokens. However, you requested "
                f"{counted} tokens{detail}. Please reduce the length of either.",
                "messages",
            )
        return tokens

    def _say(
        self,
        prompt: Prompt,
        request: ChatCompletionRequest,
        profile: Profile,
        luck: Luck,
        tokens: int,
    ) -> _Said:
        if request.tools:
            calls = call_tools(self.room, prompt, request.tools, request.tool_choice, profile, luck)
            if calls:
                most = None if request.parallel_tool_calls else 1
                return _Said(calls=tuple(calls[:most]), finish="tool_calls")
        shape = request.response_format
        if shape is not None and shape.type != "text":
            schema = shape.json_schema.schema_ if shape.json_schema else {}
            filled = fill_schema(self.room, prompt, schema, profile, luck)
            if filled.found_nothing and _gives_up(prompt, profile, luck):
                # A shape leaves no room to say so otherwise.
                return _Said(refusal=abstention(prompt))
            text = json.dumps(filled.value)
            # Keyed by the conversation: asked again, a model may do better.
            if luck.uniform("format", len(request.messages)) > profile.format_obedience:
                text = f"Here is the result:\n{text}"
            return _Said(text, filled.confidence)
        order = heeded(prompt.blocks, profile, luck)
        if order is not None and not order.frees_only:
            return _obeyed(order, prompt, profile, luck)
        if order is not None:
            prompt = replace(prompt, grounded=False, abstain_phrase=None, cites=False)
        attention = attend(self.room, prompt, profile, tokens=tokens)
        spoken = answer(prompt, attention, profile, luck)
        return _Said(spoken.text, spoken.confidence, rivals=_rivals(attention, spoken))

    def _stopped(self, said: _Said, request: ChatCompletionRequest) -> _Said:
        """End a reply before the first of the texts that shall stop it."""
        ends = [at for stop in request.stops if (at := said.content.find(stop)) >= 0]
        return replace(said, content=said.content[: min(ends)]) if ends else said


def _obeyed(order: Order, prompt: Prompt, profile: Profile, luck: Luck) -> _Said:
    """Return what is said by a reader who takes an order in a document for one of the asker's."""
    if not order.says:
        return _Said(abstention(prompt))
    cites = prompt.cites and luck.uniform("cite") < profile.citation_obedience
    label = f" [{prompt.blocks[order.block].id}]" if cites else ""
    return _Said(f"{order.says[:-1]}{label}{order.says[-1]}")


def _gives_up(prompt: Prompt, profile: Profile, luck: Luck) -> bool:
    """Tell whether a profile says that there is nothing to fill a shape with, when told to."""
    told = prompt.abstain_phrase is not None or prompt.grounded
    return told and luck.uniform("abstain") < profile.abstain_told


def _rivals(attention: Attention, spoken: Answer) -> tuple[Rival, ...]:
    """Return what the reader also looked at, but did not say."""
    used = {place.reading.segment.text for place in spoken.places}
    others: list[Rival] = []
    for index in attention.order()[: _RIVALS + len(used)]:
        segment = attention.places[index].reading.segment
        if segment.text not in used and segment.kind != "heading":
            others.append(Rival(segment.text, float(attention.shares[index])))
    return tuple(others[:_RIVALS])


def _times(profile: Profile, input_tokens: int, luck: Luck) -> tuple[float, float]:
    """Return seconds to the first token and seconds per further token, with jitter."""
    normal = math.sqrt(-2 * math.log(luck.uniform("time", 1))) * math.cos(
        2 * math.pi * luck.uniform("time", 2)
    )
    factor = math.exp(profile.jitter * normal)
    first = profile.first_token_base + profile.first_token_per_input * input_tokens / 1000
    return first * factor, profile.seconds_per_token * factor
