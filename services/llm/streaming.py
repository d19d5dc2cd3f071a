"""A reply as server-sent events, at the pace of its profile and of the server's load."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing

from observability.clock import Clock
from services.llm.chances import tokens_of
from services.llm.replies import Reply
from services.llm.simulator import Completion
from services.llm.wire import ChatCompletionRequest

_BURST = 8
"""Tokens of an event: the first comes alone, the others in bursts."""

Pace = Callable[[], float]
"""Tells by what all times are multiplied just now."""


async def stream(
    body: ChatCompletionRequest,
    completions: Sequence[Completion],
    reply: Reply,
    clock: Clock,
    pace: Pace,
) -> AsyncGenerator[str, None]:
    """Yield the events of one choice after the other, then usage if asked for, then the end."""
    for index, completion in enumerate(completions):
        async with aclosing(_choice(body, index, completion, reply, clock, pace)) as events:
            async for event in events:
                yield event
    if body.stream_options and body.stream_options.include_usage:
        yield _event(reply.usage_chunk(completions))
    yield "data: [DONE]\n\n"


async def _choice(
    body: ChatCompletionRequest,
    index: int,
    completion: Completion,
    reply: Reply,
    clock: Clock,
    pace: Pace,
) -> AsyncGenerator[str, None]:
    await clock.sleep(completion.first_token_after * pace())
    silent = completion.calls or completion.refusal
    opening: dict[str, object] = {"role": "assistant", "content": None if silent else ""}
    yield _event(reply.chunk(index, opening))
    bursts = list(_bursts(body, completion, reply))
    tokens = sum(count for count, _, _ in bursts)
    each = completion.per_token * max(completion.output_tokens - 1, 0) / max(tokens - 1, 1)
    for number, (count, delta, probabilities) in enumerate(bursts):
        waited = count if number else count - 1
        if waited:
            await clock.sleep(each * waited * pace())
        yield _event(reply.chunk(index, delta, probabilities=probabilities))
    yield _event(reply.chunk(index, {}, finish=completion.finish_reason))


def _bursts(
    body: ChatCompletionRequest, completion: Completion, reply: Reply
) -> Iterator[tuple[int, dict[str, object], dict[str, object] | None]]:
    """Yield the deltas of a reply with the number of tokens in each and their probabilities."""
    for start, delta in reply.call_deltas(completion, _BURST):
        yield start, delta, None
    if completion.refusal:
        for piece in tokens_of(completion.refusal):
            yield 1, {"refusal": piece}, None
    found = completion.tokens(body.top_logprobs or 0)
    cuts = [0, *range(1, len(found), _BURST), len(found)]
    for left, right in itertools.pairwise(cuts):
        part = found[left:right]
        if part:
            shown = [chance.as_json() for chance in part] if body.logprobs else None
            probabilities: dict[str, object] | None = (
                None if shown is None else {"content": shown, "refusal": None}
            )
            yield len(part), {"content": "".join(c.token for c in part)}, probabilities


def _event(payload: dict[str, object]) -> str:
    return f"data: {json.dumps(payload, separators=(',', ':'))}\n\n"
