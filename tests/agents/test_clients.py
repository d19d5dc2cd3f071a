from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from agents.clients import HttpErp, HttpModel, HttpSearch, ModelSettings, Price
from agents.errors import ErpError, ModelError, RetrievalError
from agents.ports import ChatReply, ChatRequest, JsonObject, Message
from corpus.luck import Luck
from corpus.ports import Entity, Query
from tests.agents.fakes import FakeClock

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {"route": {"enum": ["a", "b"]}},
    "required": ["route"],
}
ASK = ChatRequest(agent="x", messages=[Message("user", "hello")], seed=5)
Handler = Callable[[httpx.Request], httpx.Response]


def completion(content: str, **more: object) -> dict[str, object]:
    return {
        "id": "c-1",
        "model": "m-2026",
        "choices": [
            {
                "message": {"content": content, **more},
                "finish_reason": "stop",
                "logprobs": {"content": [{"token": "a", "logprob": -0.1}]},
            }
        ],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 10},
    }


class Server:
    """Answers with its replies in turn and keeps what it was sent."""

    def __init__(self, *replies: httpx.Response | Exception) -> None:
        self.replies = list(replies)
        self.sent: list[dict[str, object]] = []
        self.headers: list[httpx.Headers] = []
        self.clock = FakeClock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(json.loads(request.content) if request.content else {})
        self.headers.append(request.headers)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    @property
    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.MockTransport(self), base_url="http://model.test/v1/"
        )

    async def chat(self, request: ChatRequest) -> ChatReply:
        settings = ModelSettings("m", prices={"m-2026": Price(2.0, 10.0)})
        return await HttpModel(self.client, self.clock, settings).chat(request)


def ok(content: str, **more: object) -> httpx.Response:
    return httpx.Response(200, json=completion(content, **more))


async def test_a_reply_comes_with_usage_cost_and_confidence() -> None:
    server = Server(ok("hi"))
    reply = await server.chat(ASK)
    assert (reply.content, reply.model, reply.input_tokens) == ("hi", "m-2026", 1000)
    assert reply.cost_usd == pytest.approx(0.0021)
    assert reply.confidence == pytest.approx(0.9048, abs=1e-3)
    assert server.sent[0]["seed"] == 5


async def test_tool_calls_are_read() -> None:
    calls = [{"id": "t1", "function": {"name": "get_invoice", "arguments": '{"invoice_id": "I"}'}}]
    reply = await Server(ok("", tool_calls=calls)).chat(ASK)
    assert reply.tool_calls[0].arguments == {"invoice_id": "I"}


async def test_a_stream_is_passed_on_as_it_arrives_and_added_up() -> None:
    chunks: list[dict[str, object]] = [
        {"model": "m-2026", "choices": [{"delta": {"content": "Hello"}}]},
        {"choices": [{"delta": {"content": " you"}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    server = Server(httpx.Response(200, text=body))
    heard: list[str] = []

    async def hear(text: str) -> None:
        heard.append(text)
        server.clock.ns += 10**9

    streamed = ChatRequest("x", ASK.messages, 5, stream=True, on_delta=hear)
    reply = await server.chat(streamed)
    assert heard == ["Hello", " you"]
    assert (reply.content, reply.input_tokens, reply.output_tokens) == ("Hello you", 3, 2)
    assert reply.time_to_first_token == 0.0


async def test_a_stream_that_breaks_off_is_an_error() -> None:
    chunk = {"choices": [{"delta": {"content": "Hel"}}]}
    server = Server(httpx.Response(200, text=f"data: {json.dumps(chunk)}\n\n"))
    with pytest.raises(ModelError, match="ended before"):
        await server.chat(ChatRequest("x", ASK.messages, 5, stream=True))


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(429, headers={"retry-after": "2"}),
        httpx.Response(503),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("down"),
    ],
)
async def test_a_passing_failure_is_tried_again_after_a_wait(
    failure: httpx.Response | Exception,
) -> None:
    server = Server(failure, ok("hi"))
    reply = await server.chat(ASK)
    assert reply.content == "hi"
    assert reply.retries == 1
    assert len(server.clock.waits) == 1


async def test_the_wait_grows_and_heeds_what_the_server_asks_for() -> None:
    server = Server(
        httpx.Response(503), httpx.Response(429, headers={"retry-after": "3"}), ok("hi")
    )
    await server.chat(ASK)
    assert server.clock.waits == [0.5, 3.0]


async def test_retries_are_bounded() -> None:
    server = Server(*[httpx.Response(503) for _ in range(9)])
    with pytest.raises(ModelError, match="status 503") as caught:
        await server.chat(ASK)
    assert len(server.sent) == 3
    assert caught.value.status == 503


async def test_a_refusal_is_not_tried_again_and_says_why() -> None:
    error = {"error": {"message": "context_length_exceeded"}}
    server = Server(httpx.Response(400, json=error))
    with pytest.raises(ModelError, match="context_length_exceeded"):
        await server.chat(ASK)
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    "rubbish",
    [
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(200, json={"hello": 1}),
        httpx.Response(200, json={"choices": []}),
        httpx.Response(200, json=[]),
    ],
)
async def test_rubbish_is_an_error(rubbish: httpx.Response) -> None:
    with pytest.raises(ModelError):
        await Server(rubbish).chat(ASK)


async def test_a_reply_of_the_wrong_shape_is_sent_back_once() -> None:
    server = Server(ok('{"route": "z"}'), ok('{"route": "a"}'))
    reply = await server.chat(ChatRequest("x", ASK.messages, 5, schema=SCHEMA))
    assert reply.content == '{"route": "a"}'
    assert reply.input_tokens == 2000
    messages = server.sent[1]["messages"]
    assert isinstance(messages, list)
    assert "not one of" in messages[-1]["content"]


async def test_a_reply_that_stays_of_the_wrong_shape_is_an_error() -> None:
    server = Server(ok("a, I think"), ok("still a"))
    with pytest.raises(ModelError, match="shape"):
        await server.chat(ChatRequest("x", ASK.messages, 5, schema=SCHEMA))


async def test_the_ledger_has_none_for_an_unknown_record_and_sends_the_seed() -> None:
    server = Server(httpx.Response(404), httpx.Response(200, json={"id": "V-1"}))
    erp = HttpErp(server.client, server.clock)
    assert await erp.get("/vendors/V-0", {}, Luck(9)) is None
    assert await erp.get("/vendors/V-1", {}, Luck(9)) == {"id": "V-1"}
    assert server.headers[0]["X-StillGreen-Seed"] == "9"


async def test_a_ledger_that_fails_or_talks_nonsense_is_an_error() -> None:
    for reply in (httpx.Response(400), httpx.Response(200, text="<html>")):
        server = Server(reply)
        with pytest.raises(ErpError):
            await HttpErp(server.client, server.clock).get("/x", {}, Luck(1))


async def test_passages_become_evidence_with_their_similarity() -> None:
    passage = {
        "chunk_id": "c",
        "doc_id": "D",
        "title": "T",
        "section": "S",
        "text": "x",
        "score": 0.5,
        "similarity": 0.4,
        "metadata": {"doc_type": "policy"},
    }
    server = Server(httpx.Response(200, json={"passages": [passage]}))
    query = Query("q", (Entity("vendor", "V-1", "N"),), luck=Luck(3))
    (found,) = await HttpSearch(server.client, server.clock).search(query)
    assert (found.source, found.metadata["similarity"]) == ("D", 0.4)
    assert server.sent[0]["entities"] == [{"kind": "vendor", "id": "V-1", "name": "N"}]


async def test_a_search_that_is_refused_or_unusable_is_an_error() -> None:
    for reply in (httpx.Response(422, json={"detail": "no"}), httpx.Response(200, json={"p": 1})):
        server = Server(reply)
        with pytest.raises(RetrievalError):
            await HttpSearch(server.client, server.clock).search(Query("q"))


async def test_a_refusal_in_words_is_an_error_that_says_them() -> None:
    refused = completion("", refusal="I cannot help with that.")
    with pytest.raises(ModelError, match="cannot help"):
        await Server(httpx.Response(200, json=refused)).chat(ASK)


async def test_an_endpoint_may_call_the_limit_otherwise_and_have_no_logprobs() -> None:
    server = Server(ok("hi"))
    settings = ModelSettings("m", logprobs=False, token_limit="max_completion_tokens")
    await HttpModel(server.client, server.clock, settings).chat(ASK)
    assert "max_tokens" not in server.sent[0]
    assert "logprobs" not in server.sent[0]
    assert server.sent[0]["max_completion_tokens"] == ASK.max_tokens


async def test_a_repaired_reply_says_what_was_wrong_with_the_first() -> None:
    server = Server(ok("oops"), ok('{"route": "a"}'))
    reply = await server.chat(ChatRequest("x", ASK.messages, 5, schema=SCHEMA))
    assert reply.repaired == "it is not JSON"
    assert reply.retries == 1
