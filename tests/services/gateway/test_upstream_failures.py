"""Whatever the model's endpoint or a service does, the caller never gets a wrong 200."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from agents.clients import HttpErp, HttpModel, HttpSearch, ModelSettings
from agents.context import BudgetedContext
from agents.entities import EntityFinder, Gazetteer
from agents.memory import SessionMemory
from agents.parts import WorkflowParts
from agents.prompts import FilePrompts, FileRoutes
from agents.tools import load_tools
from agents.workflow import Workflow
from observability.telemetry import Telemetry
from services.gateway.app import GatewayParts, RandomQuestion, create_app
from services.transport import AppTransport
from services.virtual_time import VirtualClock, run_virtual
from tests.services.fakes import FakeReviews

Reply = Callable[[dict[str, Any]], Awaitable[Response]]

CLOCK = VirtualClock(0)
PASSAGES = {
    "collection": "finance",
    "passages": [
        {
            "chunk_id": "POL-1#0",
            "doc_id": "POL-1",
            "title": "Policy",
            "section": "Terms",
            "text": "Invoices are paid after 30 days.",
            "score": 0.9,
            "similarity": 0.8,
            "metadata": {},
        }
    ],
}


def _app(path: str, reply: Reply) -> FastAPI:
    app = FastAPI()

    @app.post(path)
    async def endpoint(request: Request) -> Response:
        return await reply(json.loads(await request.body()))

    return app


class Refuses(httpx.AsyncBaseTransport):
    """Nobody listens at the address."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused", request=request)


def _client(where: FastAPI | httpx.AsyncBaseTransport, path: str = "") -> httpx.AsyncClient:
    transport = AppTransport(where) if isinstance(where, FastAPI) else where
    return httpx.AsyncClient(transport=transport, base_url=f"http://service{path}", timeout=30)


async def _found(body: dict[str, Any]) -> Response:
    return Response(json.dumps(PASSAGES), media_type="application/json")


async def _works(body: dict[str, Any]) -> Response:
    """Answer as a model does: the first option of a schema, else a sentence with a source."""
    content = "Invoices are paid after 30 days [D1]."
    if schema := body.get("response_format", {}).get("json_schema", {}).get("schema"):
        content = json.dumps(_example(schema))
    message = {"role": "assistant", "content": content}
    return _streamed(message) if body.get("stream") else _completion(message)


def _completion(message: dict[str, Any]) -> Response:
    body = {
        "id": "c-1",
        "object": "chat.completion",
        "model": "stub",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5},
    }
    return Response(json.dumps(body), media_type="application/json")


def _streamed(message: dict[str, Any]) -> Response:
    choice = {"index": 0, "delta": message, "finish_reason": "stop"}
    event = json.dumps({"id": "c-1", "model": "stub", "choices": [choice]})
    return Response(f"data: {event}\n\ndata: [DONE]\n\n", media_type="text/event-stream")


def _example(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        options = schema["enum"]
        return next((o for o in ("documents", "supported") if o in options), options[0])
    match schema.get("type"):
        case "object":
            return {key: _example(value) for key, value in schema.get("properties", {}).items()}
        case "array":
            return [_example(schema["items"])]
        case "number" | "integer":
            return 1
        case "boolean":
            return True
    return "x"


def _ask(
    model: FastAPI | httpx.AsyncBaseTransport,
    retrieval: FastAPI | httpx.AsyncBaseTransport | None = None,
) -> tuple[httpx.Response, float]:
    async def run() -> tuple[httpx.Response, float]:
        telemetry, _ = Telemetry.in_memory("gateway", CLOCK)
        search = retrieval or _app("/search", _found)
        parts = WorkflowParts(
            prompts=FilePrompts(),
            routes=FileRoutes(),
            context=BudgetedContext(lambda text: len(text) // 4),
            memory=SessionMemory(),
            tools=load_tools(HttpErp(_client(Refuses()), CLOCK)),
            model=HttpModel(_client(model, "/v1/"), CLOCK, ModelSettings("stub")),
            search=HttpSearch(_client(search), CLOCK),
        )
        reviews = FakeReviews()
        workflow = Workflow(
            parts=lambda request: parts,
            finder=EntityFinder(Gazetteer()),
            reviews=reviews,
            telemetry=telemetry,
            clock=CLOCK,
        )
        gateway = create_app(
            GatewayParts(
                asker=workflow,
                reviews=reviews,
                random_question=lambda luck: RandomQuestion("", ""),
                collections=_no_collections,
                clock=CLOCK,
                seed=lambda: 1,
                request_id=lambda: "req-1",
            ),
            "1",
        )
        began = CLOCK.now_ns()
        async with httpx.AsyncClient(
            transport=AppTransport(gateway), base_url="http://gateway", timeout=10_000
        ) as client:
            body = {"question": "After how many days are invoices paid?"}
            reply = await client.post("/v1/ask", json=body)
        return reply, (CLOCK.now_ns() - began) / 1e9

    return run_virtual(run())


async def _no_collections() -> list[str]:
    return []


def _chat(reply: Reply) -> FastAPI:
    return _app("/v1/chat/completions", reply)


def _fixed(content: str | bytes, status: int = 200, kind: str = "application/json") -> FastAPI:
    async def reply(body: dict[str, Any]) -> Response:
        return Response(content, status, media_type=kind)

    return _chat(reply)


def _assert_problem(reply: httpx.Response, status: int) -> None:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in reply.text


def test_a_working_model_and_search_give_an_answer() -> None:
    reply, _ = _ask(_chat(_works))
    assert reply.status_code == 200, reply.text
    assert "30 days" in reply.json()["answer"]


def test_a_model_endpoint_that_is_down_is_503() -> None:
    reply, _ = _ask(Refuses())
    _assert_problem(reply, 503)


def test_a_model_that_never_answers_is_504_after_a_bounded_time() -> None:
    async def never(body: dict[str, Any]) -> Response:
        await CLOCK.sleep(1e6)
        return Response()

    reply, seconds = _ask(_chat(never))
    _assert_problem(reply, 504)
    assert seconds < 300


@pytest.mark.parametrize(
    "model",
    [
        _fixed("hello", kind="text/plain"),
        _fixed("<html>It works</html>", kind="text/html"),
        _fixed(""),
        _fixed("null"),
        _fixed('{"choices": []}'),
        _fixed('{"choices": [{"message": {"content": null}}]}'),
        _fixed(b"\xff\xfe\x00"),
        _fixed('{"error": {"message": "no such model"}}', 404),
        _fixed('{"error": {"message": "wrong key"}}', 401),
        _fixed("Internal Server Error", 500),
    ],
)
def test_a_model_endpoint_that_answers_rubbish_is_502(model: FastAPI) -> None:
    reply, _ = _ask(model)
    _assert_problem(reply, 502)


def test_a_model_that_never_keeps_to_the_asked_shape_is_502() -> None:
    async def chatty(body: dict[str, Any]) -> Response:
        return _completion({"role": "assistant", "content": "Sure! Here is your JSON: {route"})

    reply, _ = _ask(_chat(chatty))
    _assert_problem(reply, 502)


def test_an_overloaded_model_is_503() -> None:
    reply, seconds = _ask(_fixed('{"error": {"message": "slow down"}}', 429))
    _assert_problem(reply, 503)
    assert reply.headers["retry-after"]
    assert seconds < 300


def test_a_model_that_stumbles_once_is_asked_again() -> None:
    calls = 0

    async def stumbles(body: dict[str, Any]) -> Response:
        nonlocal calls
        calls += 1
        return Response("", 500) if calls == 1 else await _works(body)

    reply, _ = _ask(_chat(stumbles))
    assert reply.status_code == 200


def _search(content: str, status: int = 200) -> FastAPI:
    async def reply(body: dict[str, Any]) -> Response:
        return Response(content, status, media_type="application/json")

    return _app("/search", reply)


@pytest.mark.parametrize(
    ("retrieval", "status"),
    [
        (Refuses(), 503),
        (_search("[]"), 502),
        (_search('{"passages": [{"text": 1}]}'), 502),
        (_search("{}", 500), 502),
    ],
)
def test_a_retrieval_service_that_fails_is_an_error_or_an_answer_for_review(
    retrieval: FastAPI | httpx.AsyncBaseTransport, status: int
) -> None:
    reply, _ = _ask(_chat(_works), retrieval)
    if reply.status_code == 200:
        # The workflow may go on without documents, if it says so.
        assert reply.json()["review"]["required"]
    else:
        _assert_problem(reply, status)
