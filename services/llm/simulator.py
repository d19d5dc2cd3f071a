"""A simulated model: from a request to a reply, by what the request itself asks for."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Protocol

from corpus.luck import Luck
from corpus.ports import TokenSource
from services.llm.abilities.answering import answer
from services.llm.abilities.calling import Call, call_tools
from services.llm.abilities.filling import fill_schema
from services.llm.attention import attend
from services.llm.errors import ContextTooLong
from services.llm.profiles import Profile
from services.llm.prompt import Prompt, understand
from services.llm.reading import ReadingRoom
from services.llm.wire import ChatCompletionRequest

_MESSAGE_OVERHEAD = 4
"""Tokens that a message costs besides its text."""


class TokenCounter(Protocol):
    """Counts the tokens of a text with a real tokenizer."""

    def count_tokens(self, text: str) -> int: ...


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


class Simulator:
    """Runs all profiles over one memory of what was read."""

    def __init__(self, source: TokenSource, counter: TokenCounter, blocks: int = 256) -> None:
        """Take where token embeddings come from, and how many passages to remember."""
        self._room = ReadingRoom(source, blocks)
        self._counter = counter
        self._counts: dict[str, int] = {}
        self._served = 0

    def complete(self, request: ChatCompletionRequest, profile: Profile, luck: Luck) -> Completion:
        """Return the reply to a request, or raise ``ContextTooLong``."""
        prompt = understand(request)
        tokens = self._prompt_tokens(request)
        limit = request.limit
        if tokens + (limit or 0) > profile.window_tokens:
            raise ContextTooLong(
                f"This model's maximum context length is {profile.window_tokens} tokens. However, "
                f"you requested {tokens + (limit or 0)} tokens ({tokens} in the messages, "
                f"{limit or 0} in the completion). Please reduce the length of either.",
                "messages",
            )
        calls: list[Call] = []
        if request.tools:
            calls = call_tools(
                self._room, prompt, request.tools, request.tool_choice, profile, luck
            )
        content, confidence = (
            ("", 0.9) if calls else self._say(prompt, request, profile, luck, tokens)
        )
        spoken = "".join(call.name + call.arguments for call in calls) or content
        output = self._count(spoken)
        finish = "tool_calls" if calls else "stop"
        if limit is not None and output > limit:
            content, output, finish = self._cut(content, limit), limit, "length"
        first, each = _times(profile, tokens, luck)
        return Completion(content, tuple(calls), finish, tokens, output, confidence, first, each)

    def _say(
        self,
        prompt: Prompt,
        request: ChatCompletionRequest,
        profile: Profile,
        luck: Luck,
        tokens: int,
    ) -> tuple[str, float]:
        shape = request.response_format
        if shape is not None and shape.type != "text":
            schema = shape.json_schema.schema_ if shape.json_schema else {}
            reply = fill_schema(self._room, prompt, schema, profile, luck)
            confidence = reply.get("confidence")
            text = json.dumps(reply)
            # Keyed by the conversation: asked again, a model may do better.
            if luck.uniform("format", len(request.messages)) > profile.format_obedience:
                text = f"Here is the result:\n{text}"
            return text, float(confidence) if isinstance(confidence, int | float) else 0.8
        attention = attend(self._room, prompt, profile, tokens=tokens)
        if profile.serving_noise:
            # What else a server has in hand is another at each call, whatever the seed says.
            self._served += 1
            attention = attention.shaken(profile.serving_noise, luck.child("call", self._served))
        spoken = answer(prompt, attention, profile, luck)
        return spoken.text, spoken.confidence

    def _prompt_tokens(self, request: ChatCompletionRequest) -> int:
        total = 3
        for message in request.messages:
            total += _MESSAGE_OVERHEAD
            total += sum(self._count(part) for part in message.text.split("\n\n"))
            for call in message.tool_calls or ():
                total += self._count(call.function.name + call.function.arguments)
        for tool in request.tools or ():
            total += self._count(tool.function.model_dump_json())
        if request.response_format and request.response_format.json_schema:
            total += self._count(json.dumps(request.response_format.json_schema.schema_))
        return total

    def _count(self, text: str) -> int:
        if not text:
            return 0
        known = self._counts.get(text)
        if known is None:
            if len(self._counts) > 50_000:
                self._counts.clear()
            known = self._counts[text] = self._counter.count_tokens(text)
        return known

    def _cut(self, text: str, limit: int) -> str:
        words = text.split(" ")
        while words and self._counter.count_tokens(" ".join(words)) > limit:
            words = words[: max(len(words) - max(1, len(words) // 8), 0)]
        return " ".join(words)


def _times(profile: Profile, input_tokens: int, luck: Luck) -> tuple[float, float]:
    """Return seconds to the first token and seconds per further token, with jitter."""
    normal = math.sqrt(-2 * math.log(luck.uniform("time", 1))) * math.cos(
        2 * math.pi * luck.uniform("time", 2)
    )
    factor = math.exp(profile.jitter * normal)
    first = profile.first_token_base + profile.first_token_per_input * input_tokens / 1000
    return first * factor, profile.seconds_per_token * factor
