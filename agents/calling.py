"""Makes the model calls of one question: each in a span, with luck of its own, and adds them up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from agents.ports import (
    ChatReply,
    ChatRequest,
    JsonObject,
    Message,
    Model,
    ToolDefinition,
)
from corpus.luck import Luck
from observability.telemetry import SpanHandle, Telemetry, semconv
from observability.telemetry.telemetry import Value


@dataclass(frozen=True, slots=True)
class Spent:
    """What a number of model calls used together."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0

    def plus(self, reply: ChatReply) -> Spent:
        """Return the sum with one more reply."""
        return Spent(
            self.calls + 1,
            self.input_tokens + reply.input_tokens,
            self.output_tokens + reply.output_tokens,
            self.cost_usd + reply.cost_usd,
        )


class ModelCalls:
    """The model as the agents of one question call it."""

    def __init__(self, model: Model, telemetry: Telemetry, luck: Luck) -> None:
        self._model = model
        self._telemetry = telemetry
        self._luck = luck
        self._numbers: Counter[str] = Counter()
        self._spent: dict[str, Spent] = {}
        self.model = model.name

    async def chat(
        self,
        agent: str,
        messages: Sequence[Message],
        *,
        tools: Sequence[ToolDefinition] = (),
        schema: JsonObject | None = None,
        schema_name: str = "reply",
        on_delta: Callable[[str], Awaitable[None]] | None = None,
        max_tokens: int = 512,
    ) -> ChatReply:
        """Return the model's reply; it is streamed when somebody wants the pieces."""
        self._numbers[agent] += 1
        request = ChatRequest(
            agent=agent,
            messages=messages,
            seed=self._luck.child(agent, self._numbers[agent]).seed,
            tools=tools,
            schema=schema,
            schema_name=schema_name,
            stream=on_delta is not None,
            max_tokens=max_tokens,
            on_delta=on_delta,
            request_seed=self._luck.seed,
        )
        attributes: dict[str, Value | None] = {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_CHAT,
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_LLM,
            semconv.GEN_AI_PROVIDER_NAME: self._model.provider,
            semconv.GEN_AI_REQUEST_MODEL: self._model.name,
            semconv.GEN_AI_REQUEST_MAX_TOKENS: max_tokens,
            semconv.GEN_AI_REQUEST_STREAM: request.stream or None,
            semconv.GEN_AI_OUTPUT_TYPE: "json" if schema is not None else "text",
            semconv.GEN_AI_AGENT_NAME: agent,
        }
        with self._telemetry.span(f"{semconv.SPAN_CHAT} {self._model.name}", attributes) as span:
            _show_request(span, request)
            reply = await self._model.chat(request)
            _show_reply(span, reply)
        self._spent[agent] = self._spent.get(agent, Spent()).plus(reply)
        self.model = reply.model
        return reply

    def spent(self, agent: str | None = None) -> Spent:
        """Return what one agent's calls used, or all of them together."""
        if agent is not None:
            return self._spent.get(agent, Spent())
        parts = self._spent.values()
        return Spent(
            sum(part.calls for part in parts),
            sum(part.input_tokens for part in parts),
            sum(part.output_tokens for part in parts),
            sum(part.cost_usd for part in parts),
        )


def _show_request(span: SpanHandle, request: ChatRequest) -> None:
    if not span.captures_content:
        return
    system = [m.content for m in request.messages if m.role == "system"]
    others = [_shown(m) for m in request.messages if m.role != "system"]
    if system:
        span.content(
            semconv.GEN_AI_SYSTEM_INSTRUCTIONS,
            _json([{"type": "text", "content": text} for text in system]),
        )
    span.content(semconv.GEN_AI_INPUT_MESSAGES, _json(others))
    if request.tools:
        span.content(
            semconv.GEN_AI_TOOL_DEFINITIONS,
            _json([{"type": "function", "name": tool.name} for tool in request.tools]),
        )


def _show_reply(span: SpanHandle, reply: ChatReply) -> None:
    span.update(
        {
            semconv.GEN_AI_RESPONSE_MODEL: reply.model,
            semconv.GEN_AI_RESPONSE_ID: reply.response_id,
            semconv.GEN_AI_RESPONSE_FINISH_REASONS: [reply.finish_reason],
            semconv.GEN_AI_USAGE_INPUT_TOKENS: reply.input_tokens,
            semconv.GEN_AI_USAGE_OUTPUT_TOKENS: reply.output_tokens,
            semconv.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: reply.time_to_first_token,
            semconv.RESPONSE_CONFIDENCE: reply.confidence,
            semconv.COST_USD: reply.cost_usd,
            semconv.RETRY_COUNT: reply.retries or None,
        }
    )
    if reply.repaired is not None:
        # What was wrong quotes the reply.
        reason = reply.repaired if span.captures_content else "another shape than asked for"
        span.event(semconv.EVENT_RETRY, {semconv.RETRY_REASON: reason})
    if span.captures_content:
        said = Message("assistant", reply.content, reply.tool_calls)
        shown = {**_shown(said), "finish_reason": reply.finish_reason}
        span.content(semconv.GEN_AI_OUTPUT_MESSAGES, _json([shown]))


def _shown(message: Message) -> dict[str, object]:
    parts: list[dict[str, object]] = []
    if message.tool_call_id is not None:
        parts.append(
            {
                "type": "tool_call_response",
                "id": message.tool_call_id,
                "response": message.content,
            }
        )
    elif message.content:
        parts.append({"type": "text", "content": message.content})
    parts += [
        {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}
        for call in message.tool_calls
    ]
    return {"role": message.role, "parts": parts}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
