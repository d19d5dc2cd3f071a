"""Any OpenAI-compatible chat model over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import httpx
import jsonschema
from pydantic_core import to_json

from agents.clients.completion import Completion, parse_whole, read_stream
from agents.clients.retrying import SEED_HEADER, CallFailed, RetryPolicy, send
from agents.errors import ModelError
from agents.ports import ChatReply, ChatRequest, Message, ToolCall
from observability.clock import Clock


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars for a million tokens."""

    input_per_million: float
    output_per_million: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """Return the cost of a call in US dollars."""
        return (
            input_tokens * self.input_per_million + output_tokens * self.output_per_million
        ) / 1e6


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model is asked, and how.

    ``prices`` are by the start of the *answering* model's name, the longest
    match counts. ``logprobs`` asks for token log-probabilities, from which a
    reply's confidence comes; switch it off for an endpoint that refuses them.
    ``token_limit`` is what the endpoint calls the most tokens of a reply.
    ``tells_question`` sends the question's seed along, as the other services are told it.
    """

    name: str
    provider: str = "stillgreen"
    temperature: float = 0.0
    logprobs: bool = True
    token_limit: str = "max_tokens"  # noqa: S105 - a name, no secret
    tells_question: bool = False
    prices: Mapping[str, Price] = field(default_factory=dict)
    retries: RetryPolicy = field(default_factory=RetryPolicy)

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> float:
        """Return what a call cost in US dollars, 0 for a model without a price."""
        fitting = [prefix for prefix in self.prices if model.startswith(prefix)]
        if not fitting:
            return 0.0
        return self.prices[max(fitting, key=len)].cost(input_tokens, output_tokens)


class HttpModel:
    """Calls ``/chat/completions`` below the client's base URL.

    A reply that breaks the asked schema is sent back once with the reason;
    when the second one breaks it too, ``ModelError`` is raised.
    """

    def __init__(self, client: httpx.AsyncClient, clock: Clock, settings: ModelSettings) -> None:
        """Take a client whose base URL ends where ``/chat/completions`` begins."""
        self._client = client
        self._clock = clock
        self._settings = settings

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def provider(self) -> str:
        return self._settings.provider

    async def chat(self, request: ChatRequest) -> ChatReply:
        reply = await self._once(request)
        if request.schema is None or reply.tool_calls:
            return reply
        problem = schema_problem(reply.content, request.schema)
        if problem is None:
            return reply
        again = replace(
            request,
            messages=(
                *request.messages,
                Message("assistant", reply.content),
                Message("user", f"That was not usable: {problem}. Reply with JSON only."),
            ),
        )
        repaired = await self._once(again)
        still = schema_problem(repaired.content, request.schema)
        if still is not None:
            raise ModelError(
                f"the model's reply does not have the asked shape: {problem}; "
                f"nor has the one it gave when told so: {still}"
            )
        return replace(
            repaired,
            repaired=problem,
            input_tokens=reply.input_tokens + repaired.input_tokens,
            output_tokens=reply.output_tokens + repaired.output_tokens,
            cost_usd=reply.cost_usd + repaired.cost_usd,
            retries=reply.retries + repaired.retries + 1,
        )

    async def _once(self, request: ChatRequest) -> ChatReply:
        started = self._clock.now_ns()
        payload = self._payload(request)
        headers = {SEED_HEADER: str(request.luck.seed)} if self._settings.tells_question else None
        try:
            response, attempts = await send(
                lambda: self._open(payload, headers),
                self._settings.retries,
                self._clock,
                "the model",
            )
        except CallFailed as error:
            raise ModelError(str(error), error.status) from error
        try:
            if not response.is_success:
                await response.aread()
                raise ModelError(
                    f"the model refused the call (status {response.status_code}): "
                    f"{_refusal(response)}",
                    response.status_code,
                )
            if request.stream:
                completion = await read_stream(response, request.on_delta, self._clock, started)
            else:
                await response.aread()
                completion = parse_whole(response.content)
        except httpx.TimeoutException as error:
            raise ModelError("the model stopped answering in the middle of a reply") from error
        except httpx.TransportError as error:
            raise ModelError("the connection to the model broke in the middle") from error
        finally:
            await response.aclose()
        return self._reply(completion, attempts)

    async def _open(
        self, payload: Mapping[str, Any], headers: Mapping[str, str] | None
    ) -> httpx.Response:
        # Written by pydantic, which is several times as fast with a prompt as the standard library.
        request = self._client.build_request(
            "POST",
            "chat/completions",
            content=to_json(payload),
            headers={**(headers or {}), "Content-Type": "application/json"},
        )
        return await self._client.send(request, stream=True)

    def _payload(self, request: ChatRequest) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "model": request.model or self._settings.name,
            "messages": [_message(message) for message in request.messages],
            "temperature": self._settings.temperature,
            self._settings.token_limit: request.max_tokens,
            "seed": request.seed,
        }
        if self._settings.logprobs:
            payload["logprobs"] = True
        if request.tools:
            payload["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.parameters,
                    },
                }
                for tool in request.tools
            ]
        if request.schema is not None:
            payload["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": request.schema_name,
                    "schema": request.schema,
                    "strict": True,
                },
            }
        if request.stream:
            payload["stream"] = True
            payload["stream_options"] = {"include_usage": True}
        return payload

    def _reply(self, completion: Completion, attempts: int) -> ChatReply:
        return ChatReply(
            content=completion.content,
            tool_calls=completion.tool_calls,
            finish_reason=completion.finish_reason,
            model=completion.model or self._settings.name,
            input_tokens=completion.input_tokens,
            output_tokens=completion.output_tokens,
            cost_usd=self._settings.cost(
                completion.model, completion.input_tokens, completion.output_tokens
            ),
            time_to_first_token=completion.time_to_first_token,
            confidence=completion.confidence,
            retries=attempts - 1,
            response_id=completion.id,
        )


def schema_problem(content: str, schema: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a JSON text under a schema, or None."""
    try:
        value = json.loads(content)
    except ValueError:
        return "it is not JSON"
    error = jsonschema.exceptions.best_match(
        _validator(json.dumps(schema, sort_keys=True)).iter_errors(value)
    )
    return None if error is None else str(error.message)


@lru_cache(maxsize=64)
def _validator(schema: str) -> Any:
    return jsonschema.Draft202012Validator(json.loads(schema))


def _message(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        body["tool_calls"] = [_call(call) for call in message.tool_calls]
    if message.tool_call_id is not None:
        body["tool_call_id"] = message.tool_call_id
    return body


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = json.dumps(call.arguments, separators=(",", ":"))
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }


def _refusal(response: httpx.Response) -> str:
    try:
        error: Sequence[Any] | Mapping[str, Any] = response.json()
    except ValueError:
        return "no reason given"
    inner = error.get("error") if isinstance(error, Mapping) else None
    return str(inner.get("message", "")) if isinstance(inner, Mapping) else "no reason given"
