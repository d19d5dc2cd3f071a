"""What the agents send to any OpenAI-compatible endpoint, and what becomes of its replies."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import httpx
import pytest

from agents.answer import Progress
from agents.clients import HttpModel, ModelSettings
from agents.clients.retrying import SEED_HEADER
from agents.errors import ModelError
from agents.ports import ChatRequest, Message
from services.llm.refusing import read_request
from tests.agents.fakes import Bench, FakeClock

REPLIES = {
    "intent": {"intent": "invoice", "confidence": 0.9, "alternatives": []},
    "route": {"route": "documents_and_ledger", "confidence": 0.9, "alternatives": []},
    "claims": {
        "claims": [{"claim": "c", "supported": True, "evidence": "D1"}],
        "verdict": "supported",
    },
}
QUESTION = "Was INV-2026-0133 billed as Nordkai agreed?"


class Endpoint:
    """Another model's endpoint: keeps each body and replies to what it asks for.

    ``broken`` says how many replies to each schema are of another shape first.
    """

    def __init__(self, broken: dict[str, int] | None = None) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[httpx.Headers] = []
        self._broken = Counter(broken or {})

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def shaped(self) -> dict[str, dict[str, Any]]:
        """Return the bodies that ask for a shape, by the first property of it."""
        return {
            next(iter(b["response_format"]["json_schema"]["schema"]["properties"])): b
            for b in self.sent
            if "response_format" in b
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content)
        self.headers.append(request.headers)
        body = json.loads(request.content)
        message: dict[str, Any] = {"role": "assistant", "content": "It was [D1]."}
        if "response_format" in body:
            schema = body["response_format"]["json_schema"]["schema"]
            key = next(iter(schema["properties"]))
            self._broken[key] -= 1
            shown = {"sorry": "no"} if self._broken[key] >= 0 else REPLIES[key]
            message["content"] = json.dumps(shown)
        elif "tools" in body and body["messages"][-1]["role"] != "tool":
            function = {"name": "get_invoice", "arguments": '{"invoice_id": "INV-2026-0133"}'}
            call = {"id": "call_1", "type": "function", "function": function}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        if body.get("stream"):
            return httpx.Response(200, text=self._events(message["content"]))
        reason = "tool_calls" if "tool_calls" in message else "stop"
        choice = {"index": 0, "message": message, "finish_reason": reason}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        reply = {"id": "c1", "model": "other-1", "choices": [choice], "usage": usage}
        return httpx.Response(200, json=reply)

    @staticmethod
    def _events(text: str) -> str:
        deltas = [
            {"role": "assistant", "content": ""},
            *({"content": w} for w in re.findall(r"\S+ ?", text)),
        ]
        chunks = [{"model": "other-1", "choices": [{"index": 0, "delta": d}]} for d in deltas]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        return "".join(f"data: {json.dumps(c)}\n\n" for c in chunks) + "data: [DONE]\n\n"


def bench(endpoint: Endpoint, tells_question: bool = False) -> Bench:
    client = httpx.AsyncClient(
        transport=httpx.MockTransport(endpoint), base_url="http://other.test/v1/"
    )
    settings = ModelSettings("other", provider="openai", tells_question=tells_question)
    model = HttpModel(client, FakeClock(), settings)
    return Bench(change=lambda parts: replace(parts, model=model))


async def test_every_request_is_one_that_the_api_takes() -> None:
    endpoint = Endpoint()
    answer = await bench(endpoint).ask(QUESTION)
    assert answer.answer
    assert len(endpoint.bodies) >= 5
    for body in endpoint.bodies:
        read_request(body)  # raises what the API would refuse


async def test_only_our_own_server_is_told_which_question_a_call_is_for() -> None:
    told, untold = Endpoint(), Endpoint()
    await bench(told, tells_question=True).ask(QUESTION)
    await bench(untold).ask(QUESTION)
    assert len({headers[SEED_HEADER] for headers in told.headers}) == 1
    assert not any(SEED_HEADER in headers for headers in untold.headers)


async def test_another_model_can_be_asked_by_the_call() -> None:
    endpoint = Endpoint()
    client = httpx.AsyncClient(
        transport=httpx.MockTransport(endpoint), base_url="http://other.test/v1/"
    )
    model = HttpModel(client, FakeClock(), ModelSettings("other"))
    for name in (None, "small"):
        await model.chat(ChatRequest("a", (Message("user", "Hello"),), seed=1, model=name))
    assert [body["model"] for body in endpoint.sent] == ["other", "small"]


async def test_shapes_are_asked_for_strictly() -> None:
    endpoint = Endpoint()
    await bench(endpoint).ask(QUESTION)
    shaped = endpoint.shaped()
    assert set(shaped) == {"intent", "route", "claims"}
    for body in shaped.values():
        assert body["response_format"]["type"] == "json_schema"
        assert body["response_format"]["json_schema"]["strict"] is True


async def test_tools_are_offered_and_their_results_sent_back() -> None:
    endpoint = Endpoint()
    await bench(endpoint).ask(QUESTION)
    offering, answered = [body for body in endpoint.sent if "tools" in body]
    names = {tool["function"]["name"] for tool in offering["tools"]}
    assert "get_invoice" in names
    called, result = answered["messages"][-2:]
    assert called["tool_calls"][0]["id"] == result["tool_call_id"] == "call_1"
    assert json.loads(called["tool_calls"][0]["function"]["arguments"]) == {
        "invoice_id": "INV-2026-0133"
    }
    assert "1,190.00 EUR" in result["content"]


async def test_the_answer_alone_is_streamed_and_heard_as_it_comes() -> None:
    endpoint = Endpoint()
    heard: list[Progress] = []

    async def hear(progress: Progress) -> None:
        heard.append(progress)

    await bench(endpoint).ask(QUESTION, hear)
    (streamed,) = [body for body in endpoint.sent if body.get("stream")]
    assert streamed["stream_options"] == {"include_usage": True}
    assert "response_format" not in streamed
    assert "".join(p.text for p in heard if p.kind == "delta").strip() == "It was [D1]."


@pytest.mark.parametrize("key", ["intent", "route", "claims"])
async def test_one_repair_is_tried_and_shows_in_the_trace(key: str) -> None:
    endpoint = Endpoint({key: 1})
    work = bench(endpoint)
    assert (await work.ask(QUESTION)).answer
    again = endpoint.shaped()[key]
    assert again["messages"][-2] == {"role": "assistant", "content": '{"sorry": "no"}'}
    assert "not usable" in again["messages"][-1]["content"]
    (repaired,) = [span for span in work.spans if span.attributes.get("stillgreen.retry.count")]
    (event,) = [event for event in repaired.events if event.name == "stillgreen.retry"]
    # The reason would quote the reply, which is no content to be recorded here.
    assert event.attributes["stillgreen.retry.reason"] == "another shape than asked for"
    assert repaired.status == "UNSET"


async def test_a_second_reply_of_another_shape_fails_clearly_and_in_the_trace() -> None:
    endpoint = Endpoint({"claims": 2})
    work = bench(endpoint)
    with pytest.raises(ModelError, match="does not have the asked shape"):
        await work.ask(QUESTION)
    failed = [span for span in work.spans if span.status == "ERROR" and span.name == "chat other"]
    assert len(failed) == 1
    (event,) = [event for event in failed[0].events if event.name == "exception"]
    assert "asked shape" in str(event.attributes["exception.message"])
