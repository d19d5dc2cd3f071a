"""Reads what a chat-completions endpoint sends back, whole or as a stream."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.errors import ModelError
from agents.ports import ToolCall
from observability.clock import Clock


class _Function(BaseModel):
    name: str | None = None
    arguments: str | None = None


class _Call(BaseModel):
    index: int = 0
    id: str | None = None
    function: _Function = Field(default_factory=_Function)


class _TokenLogprob(BaseModel):
    logprob: float


class _Logprobs(BaseModel):
    content: list[_TokenLogprob] | None = None


class _Text(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(BaseModel):
    message: _Text | None = None
    delta: _Text | None = None
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str | None = None
    model: str = ""
    choices: list[_Choice]
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """One reply as the endpoint gave it. Times are seconds, confidence is 0 to 1."""

    id: str | None
    model: str
    content: str
    tool_calls: Sequence[ToolCall]
    finish_reason: str
    input_tokens: int
    output_tokens: int
    confidence: float | None
    time_to_first_token: float | None = None


def parse_whole(content: bytes) -> Completion:
    """Return the completion in a response body, or raise ``ModelError``."""
    body = _body(content)
    if not body.choices or body.choices[0].message is None:
        raise ModelError("the model's answer holds no message")
    choice = body.choices[0]
    assert choice.message is not None  # noqa: S101 - checked above, for the type checker
    if choice.message.refusal and not choice.message.content:
        raise _refused(choice.message.refusal)
    usage = body.usage or _Usage()
    return Completion(
        id=body.id,
        model=body.model,
        content=choice.message.content or "",
        tool_calls=[
            _tool_call(call.id, call.function.name, call.function.arguments)
            for call in choice.message.tool_calls or ()
        ],
        finish_reason=choice.finish_reason or "stop",
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        confidence=_confidence(choice.logprobs.content or () if choice.logprobs else ()),
    )


async def read_stream(
    response: httpx.Response,
    on_delta: Callable[[str], Awaitable[None]] | None,
    clock: Clock,
    started_ns: int,
) -> Completion:
    """Return the completion that a stream of server-sent events adds up to.

    Raises ``ModelError`` when an event is no completion chunk, or when the
    stream ends without a finish reason.
    """
    heap = _Heap()
    done = False
    async for line in response.aiter_lines():
        # What may come after the end is read and left aside: a stream that is broken off
        # is to the server a client that went away.
        if done or not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            done = True
            continue
        text = heap.add(_body(data.encode()))
        if text:
            if heap.first_ns is None:
                heap.first_ns = clock.now_ns()
            if on_delta is not None:
                await on_delta(text)
    return heap.completion(started_ns)


class _Heap:
    """Adds up the chunks of a stream."""

    def __init__(self) -> None:
        self.first_ns: int | None = None
        self._id: str | None = None
        self._model = ""
        self._texts: list[str] = []
        self._calls: dict[int, list[str]] = {}
        self._logprobs: list[_TokenLogprob] = []
        self._finish: str | None = None
        self._usage = _Usage()
        self._refusal = ""

    def add(self, body: _Body) -> str:
        """Take a chunk and return the text in it."""
        self._id = self._id or body.id
        self._model = self._model or body.model
        self._usage = body.usage or self._usage
        if not body.choices:
            return ""
        choice = body.choices[0]
        self._finish = choice.finish_reason or self._finish
        if choice.logprobs is not None:
            self._logprobs.extend(choice.logprobs.content or ())
        if choice.delta is None:
            return ""
        self._refusal += choice.delta.refusal or ""
        for call in choice.delta.tool_calls or ():
            parts = self._calls.setdefault(call.index, ["", "", ""])
            parts[0] = parts[0] or call.id or ""
            parts[1] += call.function.name or ""
            parts[2] += call.function.arguments or ""
        text = choice.delta.content or ""
        self._texts.append(text)
        return text

    def completion(self, started_ns: int) -> Completion:
        """Return the whole."""
        if self._finish is None:
            raise ModelError("the model's stream ended before the reply did")
        if self._refusal and not any(self._texts):
            raise _refused(self._refusal)
        return Completion(
            id=self._id,
            model=self._model,
            content="".join(self._texts),
            tool_calls=[_tool_call(*self._calls[index]) for index in sorted(self._calls)],
            finish_reason=self._finish,
            input_tokens=self._usage.prompt_tokens,
            output_tokens=self._usage.completion_tokens,
            confidence=_confidence(self._logprobs),
            time_to_first_token=(
                None if self.first_ns is None else (self.first_ns - started_ns) / 1e9
            ),
        )


def _refused(words: str) -> ModelError:
    return ModelError(f"the model refused to answer: {words[:200]}")


def _body(content: bytes) -> _Body:
    try:
        return _Body.model_validate_json(content)
    except ValidationError as error:
        raise ModelError("the model's endpoint answered something else") from error


def _tool_call(call_id: str | None, name: str | None, arguments: str | None) -> ToolCall:
    try:
        parsed: Any = json.loads(arguments or "{}")
    except ValueError as error:
        raise ModelError(f"the arguments for tool {name!r} are not JSON") from error
    if not name or not isinstance(parsed, dict):
        raise ModelError("the model called a tool without a name or without an object")
    return ToolCall(call_id or f"call_{name}", name, parsed)


def _confidence(logprobs: Sequence[_TokenLogprob]) -> float | None:
    """Return the geometric mean of the tokens' probabilities, None without any."""
    if not logprobs:
        return None
    return math.exp(min(0.0, sum(token.logprob for token in logprobs) / len(logprobs)))
